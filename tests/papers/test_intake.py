"""Many files at once: what names say, the table, and all or nothing."""

import io
import zipfile

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.papers.intake import read_name, readings
from app.papers.models import Upload, WorkingPaper
from tests.papers.filing import file_paper, pdf, zip_bomb
from tests.papers.test_tus import send_whole
from tests.papers.test_upload_views import spools

NAMES = [
    ("", "C-07 收资台账.xlsx", "C-07", "收资台账", ""),
    ("", "G-B21资金使用合规性.pdf", "G-B21", "资金使用合规性", "B21"),
    ("", "Ｇ－B21－2 评分.pdf", "G-B21-2", "评分", "B21-2"),
    ("", "C07_台账.xlsx", "C-07", "台账", ""),
    ("", "【D-3】现场照片.jpg", "D-03", "现场照片", ""),
    ("", "A4纸清单.pdf", "", "A4纸清单", ""),
    ("", "Book1.xlsx", "", "Book1", ""),
    ("", "I-3.pdf", "I-03", "I-3", ""),
    ("", "没有扩展名", "", "没有扩展名", ""),
    ("底稿/G-B21 质量", "评分表.xlsx", "G-B21", "评分表", "B21"),
    ("G-B21 质量/C 资料类", "C-09 台账.xlsx", "C-09", "台账", ""),
]


@pytest.mark.parametrize(("folder", "name", "number", "title", "indicator"), NAMES)
def test_names_say_number_title_and_indicator(folder, name, number, title, indicator):
    read = read_name(folder, name)
    assert (read.index_no, read.title, read.indicator) == (number, title, indicator)


def test_where_only_the_class_is_told_the_next_number_is_meant():
    files = [("C 资料类", "甲.pdf"), ("C 资料类", "乙.pdf"), ("", "C-08 丙.pdf")]
    assert [one.index_no for one in readings(files, ["C-07"])] == ["C-09", "C-10", "C-08"]


def test_words_of_folder_or_name_tell_the_class_where_no_letter_does():
    files = [
        ("村道/现场照片", "一.jpg"),
        ("", "访谈记录（养护站）.docx"),
        ("现场", "三级复核记录.docx"),
    ]
    files += [("", "问卷统计.xlsx"), ("", "意见采纳情况表.docx"), ("", "IMG_0001.jpg")]
    numbers = [one.index_no for one in readings(files, ["D-01"])]
    assert numbers == ["D-02", "E-01", "J-01", "F-01", "I-01", ""]


@pytest.fixture
def url(engagement):
    return f"/engagements/{engagement.id}/papers/intake"


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def uploads(session):
    return session.scalars(select(Upload).order_by(Upload.folder, Upload.file_name)).all()


def rows(found, numbers, **changes):
    told = {}
    for place, (upload, number) in enumerate(zip(found, numbers, strict=True)):
        told |= {
            f"rows-{place}-upload": upload.id,
            f"rows-{place}-chosen": "y",
            f"rows-{place}-index_no": number,
            f"rows-{place}-title": f"题目{place}",
        }
    return {**told, **changes}


def send_plain(client, url, *files, **fields):
    told = {"unclassified": "y", "unpack": "y", **fields}
    sent = [(io.BytesIO(data), name) for name, data in files]
    return client.post(f"{url}/files", data={"files": sent, **told})


def test_files_of_a_plain_form_are_read_shown_and_submitted(
    app, sign_in, lead, engagement, session, url, audited
):
    client = sign_in(lead)
    files = [("C-07 收资台账.pdf", pdf("a")), ("底稿/G-B21 质量/评分表.pdf", pdf("b"))]
    assert send_plain(client, url, *files).status_code == 302
    page = client.get(url).get_data(as_text=True)
    for shown in ('value="C-07"', 'value="收资台账"', 'value="G-B21"', 'value="评分表"'):
        assert shown in page
    told = rows(uploads(session), ["C-07", "G-B21"], stage=str(engagement.current_stage.id))
    assert client.post(url, data=told).status_code == 302
    papers = session.scalars(select(WorkingPaper).order_by(WorkingPaper.index_no)).all()
    assert [(p.index_no, p.title) for p in papers] == [("C-07", "题目0"), ("G-B21", "题目1")]
    assert audited().count("paper.submitted") == 2
    assert uploads(session) == []
    assert spools(app) == []


def test_a_batch_is_all_or_nothing_and_each_bad_row_is_told(
    sign_in, lead, engagement, session, url
):
    file_paper(lead, engagement, "C-01")
    client = sign_in(lead)
    for n in range(4):
        send_whole(client, engagement, pdf(str(n)), f"{n}.pdf")
    blank = rows(uploads(session), ["C-02", "", "", "C-05"])
    blank["stage"] = str(engagement.current_stage.id)
    text = client.post(url, data=blank).get_data(as_text=True)
    assert text.count("is-invalid") == 2
    assert "已被使用" not in text, "no number is not one that is taken"
    told = rows(uploads(session), ["C-01", "K-9", "C-05", "C-05"])
    told["stage"] = str(engagement.current_stage.id)
    reply = client.post(url, data=told)
    text = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert text.count("is-invalid") == 3, "taken, impossible, twice"
    assert 'value="K-9"' in text, "what was typed stays"
    assert len(session.scalars(select(WorkingPaper)).all()) == 1
    assert len(uploads(session)) == 4
    good = {**told, "rows-0-index_no": "C-02", "rows-1-index_no": "C-03", "rows-3-index_no": "C-06"}
    assert client.post(url, data=good).status_code == 302
    assert len(session.scalars(select(WorkingPaper)).all()) == 5


def test_only_ticked_files_become_papers(sign_in, lead, engagement, session, url):
    client = sign_in(lead)
    for n in range(2):
        send_whole(client, engagement, pdf(str(n)), f"{n}.pdf")
    told = rows(uploads(session), ["C-01", ""], stage=str(engagement.current_stage.id))
    del told["rows-1-chosen"]
    assert client.post(url, data=told).status_code == 302
    assert [one.file_name for one in uploads(session)] == ["1.pdf"]
    none = rows(uploads(session), ["C-02"], stage=str(engagement.current_stage.id))
    del none["rows-0-chosen"]
    assert client.post(url, data=none).status_code == 422


def test_an_archive_is_taken_apart(app, sign_in, lead, engagement, session, url):
    data = archive(**{
        "C 资料类/C-07 收资台账.pdf": pdf("a"),
        "C 资料类/说明.pdf": pdf("b"),
        "G-B21 质量/评分表.pdf": pdf("c"),
        "G-B21 质量/工具.exe": b"\x7fELF" + bytes(90),
        "__MACOSX/._x.pdf": b"junk", "C 资料类/.DS_Store": b"junk", "空/": b"",
    })  # fmt: skip
    client = sign_in(lead)
    _address, reply = send_whole(client, engagement, data, "底稿.zip", unpack="y")
    assert [one["name"] for one in reply.json["refused"]] == ["工具.exe"]
    found = uploads(session)
    assert [(one.folder, one.file_name) for one in found] == [
        ("C 资料类", "C-07 收资台账.pdf"), ("C 资料类", "说明.pdf"), ("G-B21 质量", "评分表.pdf"),
    ]  # fmt: skip
    page = client.get(url).get_data(as_text=True)
    for number in ("C-07", "C-08", "G-B21"):
        assert f'value="{number}"' in page
    assert spools(app) == []


def test_an_archive_that_is_wanted_whole_stays_whole(sign_in, lead, engagement, session):
    data = archive(**{"a.pdf": pdf("a")})
    send_whole(sign_in(lead), engagement, data, "附件.zip")
    assert [one.file_name for one in uploads(session)] == ["附件.zip"]


def test_names_of_old_packers_are_read(sign_in, lead, engagement, session):
    data = bytearray(archive(**{"xxxx-07.pdf": pdf("a")}))
    while (place := data.find(b"xxxx-07.pdf")) >= 0:
        data[place : place + 4] = "台账".encode("gb18030")
    send_whole(sign_in(lead), engagement, bytes(data), "底稿.zip", unpack="y")
    assert [one.file_name for one in uploads(session)] == ["台账-07.pdf"]


BAD = [
    ("bomb", zip_bomb(), "zip_bomb"),
    ("empty", archive(), "empty"),
    ("only junk", archive(**{"__MACOSX/._a.pdf": b"x"}), "empty"),
    ("cut", archive(**{"a.pdf": pdf("a")})[:60], "broken_archive"),
]


@pytest.mark.parametrize(("data", "reason"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_bad_archives_end_with_a_line_in_the_log(sign_in, lead, engagement, session, data, reason):
    _address, reply = send_whole(sign_in(lead), engagement, data, "底稿.zip", unpack="y")
    assert (reply.status_code, bool(reply.json["error"])) == (422, True)
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert f'"refusal":"{reason}"' in event.canonical
    assert uploads(session) == []


def test_a_locked_archive_is_told(sign_in, lead, engagement, session):
    data = bytearray(archive(**{"a.pdf": pdf("a")}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    _address, reply = send_whole(sign_in(lead), engagement, bytes(data), "底稿.zip", unpack="y")
    assert reply.status_code == 422
    assert uploads(session) == []


def test_refused_files_of_a_plain_form_are_named(sign_in, lead, engagement, session, url):
    client = sign_in(lead)
    reply = send_plain(client, url, ("好.pdf", pdf("a")), ("坏.pdf", b"\x7fELF" + bytes(90)))
    assert reply.status_code == 422
    assert "坏.pdf" in reply.get_data(as_text=True)
    assert [one.file_name for one in uploads(session)] == ["好.pdf"]
    assert send_plain(client, url).status_code == 422
    assert send_plain(client, url, ("x.pdf", pdf("x")), unclassified="").status_code == 422


def test_a_waiting_file_may_be_removed(sign_in, lead, member, engagement, session, url):
    send_whole(sign_in(lead), engagement, pdf("a"))
    (upload,) = uploads(session)
    assert sign_in(member).post(f"/uploads/{upload.id}/removal").status_code == 404
    assert sign_in(lead).post(f"/uploads/{upload.id}/removal").status_code == 302
    assert uploads(session) == []


def test_the_page_is_for_those_who_may_submit(sign_in, lead, officer, url):
    assert sign_in(lead).get(url).status_code == 200
    assert sign_in(officer).get(url).status_code == 403


def test_a_form_that_is_sent_twice_does_its_work_once(sign_in, lead, engagement, session, url):
    client = sign_in(lead)
    send_whole(client, engagement, pdf("a"))
    told = rows(uploads(session), ["C-01"], stage=str(engagement.current_stage.id), once="t" * 20)
    assert client.post(url, data=told).status_code == 302
    assert client.post(url, data=told).status_code == 422
    assert len(session.scalars(select(WorkingPaper)).all()) == 1


def test_a_file_whose_number_is_taken_may_be_the_next_version(
    sign_in, lead, engagement, session, url, audited
):
    paper = file_paper(lead, engagement, "C-07", "收资台账")
    client = sign_in(lead)
    send_whole(client, engagement, pdf("new"), "C-07 收资台账(改).pdf")
    page = client.get(url).get_data(as_text=True)
    assert 'name="rows-0-continues"' in page
    told = rows(uploads(session), ["c-7"], stage=str(engagement.current_stage.id))
    assert client.post(url, data=told).status_code == 422, "it has to be wanted"
    told |= {"rows-0-continues": "y", "rows-0-expected": "7"}
    assert client.post(url, data=told).status_code == 422, "somebody was faster"
    told["rows-0-expected"] = "1"
    assert client.post(url, data=told).status_code == 302
    session.refresh(paper)
    assert paper.current_version == 2
    assert audited()[-1] == "version.submitted"
    assert uploads(session) == []


def test_two_files_are_not_both_the_next_version(sign_in, lead, engagement, session, url):
    file_paper(lead, engagement, "C-07", "收资台账")
    client = sign_in(lead)
    for n in range(2):
        send_whole(client, engagement, pdf(str(n)), f"C-07 {n}.pdf")
    told = rows(uploads(session), ["C-07", "C-07"], stage=str(engagement.current_stage.id))
    told |= {f"rows-{n}-continues": "y" for n in range(2)}
    told |= {f"rows-{n}-expected": "1" for n in range(2)}
    assert client.post(url, data=told).status_code == 422
    assert len(uploads(session)) == 2
