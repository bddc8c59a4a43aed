"""The words of each kind of document, read in the cage; a hostile one hurts only itself."""

import io
import json
import zipfile
from pathlib import Path

from app import cage
from app.demo import files
from app.demo.pdf import pdf
from app.similarity import texts

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
        told.append({"kind": read_as, "source": str(source), "made": f"{source}.json"})
    (tmp_path / "list.json").write_text(json.dumps(told))
    cage.run_script("texts.py", tmp_path, tmp_path / "list.json", limits=texts.READING)
    found = {
        one["source"].rpartition("/")[2]: json.loads(Path(one["made"]).read_text()) for one in told
    }
    for kind in DOCUMENTS:
        assert SENTENCE in found[kind].get("text", ""), (kind, found[kind])
    assert "Hostile" in found["hostile"]["error"]
    assert found["broken"]["error"]
