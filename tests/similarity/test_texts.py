"""The words of each kind of document, read in the cage; a hostile one hurts only itself."""

import io
import zipfile

from app.cage import Failed
from app.demo import files
from app.demo.pdf import pdf
from app.similarity import taking_in, texts
from tests.papers.filing import file_kept

SENTENCE = "绩效目标完成情况良好"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    '<w:document xmlns:w="x"><w:t>&b;</w:t></w:document>'
)


def hostile():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", BOMB)
    return out.getvalue()


def slides():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "ppt/slides/slide1.xml", f"<p:sld><a:p><a:t>{SENTENCE}</a:t></a:p></p:sld>"
        )
    return out.getvalue()


DOCUMENTS = {
    "docx": files.docx("方案", [SENTENCE]),
    "xlsx": files.xlsx("表", [["指标", SENTENCE]]),
    "pptx": slides(),
    "ofd": files.ofd("批复", [SENTENCE]),
    "pdf": pdf("报告", [[SENTENCE]]),
    "text": SENTENCE.encode("gb18030"),
}


def test_words_of_every_kind(tmp_path):
    told = []
    for kind, data in {**DOCUMENTS, "hostile": hostile(), "broken": b"PK\x03\x04"}.items():
        source = tmp_path / kind
        source.write_bytes(data)
        read_as = kind if kind in DOCUMENTS else "docx"
        made = f"{source}.json"
        told.append({"name": kind, "kind": read_as, "source": str(source), "made": made})
    found = taking_in.read_caged(told, tmp_path)
    for kind in DOCUMENTS:
        assert SENTENCE in found[kind].get("text", ""), (kind, found[kind])
    assert "Hostile" in found["hostile"]["error"]
    assert found["broken"]["error"]


def test_a_document_that_ends_the_reader_hurts_only_itself(engagement, lead, monkeypatch):
    """The first run is ended by its memory; then each is read alone, and one of them is not."""
    good = file_kept(lead, engagement, "C-01", "资料", (SENTENCE * 9).encode(), "资料.txt")
    bad = file_kept(lead, engagement, "C-02", "资料", files.docx("一", ["二" * 50]), "资料.docx")
    read = taking_in.read_caged

    def with_little(entries, folder):
        if any(one["kind"] == "docx" for one in entries):
            raise Failed("killed")
        return read(entries, folder)

    monkeypatch.setattr(taking_in, "read_caged", with_little)
    taking_in.take_in([good.versions[0], bad.versions[0]])
    assert texts.text_of(good.versions[0].sha256) == SENTENCE * 9
    assert texts.known(bad.versions[0].sha256)
    assert texts.text_of(bad.versions[0].sha256) == ""
