"""What each kind of person does in the portal on a day, for the mix."""

# What each role opens in a round; a word after ! is an act of mix.Person.
DAYS = {
    "officer": "/ /board !live /board?q={code} /todos {engagement} {papers} {paper} !note /messages"
    " /notes /engagements?q={code} /search?q={words} /assessments {assessment} /statistics"
    " {profile} /rankings /alerts /reviews !rate /papers?words={words}",
    "agency": "/ /board !live {engagement} {papers} !upload {paper} {paper} /notes /messages"
    " /document-requests {request} /search?q={words} /rankings",
    "section": "/ /board {engagement} {paper} /reviews /messages /engagements",
    "unit": "/ {engagement} /document-requests {request} /reviews /messages /unit-ratings",
    "leader": "/ /board /statistics /statistics?by=unit /rankings /flags /alerts /agencies {profile}",
    "bare": " ".join(["/"] * 100),
    "auditor": "/log /log?subject=engagement:{number} /log?event=stage",
}
