"""The small files of the demonstration: each is what it says, for the portal and for other readers."""

import io
import zipfile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from app import media
from app.demo import files
from app.demo.pdf import pdf

HEAD = ["委托项目：演示项目 <A&B>", "编制人：演示陈明远"]
MADE = {
    "方案.docx": files.docx("工作方案", HEAD),
    "评分.xlsx": files.xlsx("评分底稿", [["序号", "得分"], [1, 2.5]]),
    "征求意见函.ofd": files.ofd("征求意见函", HEAD),
    "照片.png": files.png(7),
    "问卷.csv": files.csv([["编号", "满意度"], [1, 5]]),
    "资料.zip": files.packed({"照片1.png": files.png(1), "说明.txt": "演示"}),
    "报告.pdf": pdf("评价报告", [HEAD, ["第二页"]], seal="演示印章"),
}


@pytest.mark.parametrize("name", MADE)
def test_each_file_passes_at_the_door(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(MADE[name])
    accepted = media.accept(path, name, path.stat().st_size)
    assert name.endswith(accepted.media.endings)


def test_a_reader_finds_the_name_in_the_report():
    reader = PdfReader(io.BytesIO(MADE["报告.pdf"]))
    assert len(reader.pages) == 2
    assert "编制人：演示陈明远" in reader.pages[0].extract_text()
    assert "演示印章" in reader.pages[1].extract_text()


def test_a_spreadsheet_opens_with_its_numbers():
    rows = list(load_workbook(io.BytesIO(MADE["评分.xlsx"])).active.values)
    assert rows[1:3] == [("序号", "得分"), (1, 2.5)]


def test_markup_in_a_name_stays_text():
    parts = zipfile.ZipFile(io.BytesIO(MADE["方案.docx"]))
    assert "&lt;A&amp;B&gt;" in parts.read("word/document.xml").decode()
