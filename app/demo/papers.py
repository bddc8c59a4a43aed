"""The working papers of the demonstration: each a real file with its own head."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from app.demo import files
from app.demo.pdf import pdf
from app.papers import uploading
from app.papers.files import StoredFile
from app.store import object_store

LIMIT = 1 << 24
SAMPLE = "（归档样件，演示）"


@dataclass(frozen=True)
class Head:
    """What stands at the head of every working paper."""

    engagement: str
    agency: str
    title: str
    index_no: str
    preparer: str
    on: date
    edition: int
    rng: Random

    def lines(self) -> list[str]:
        """The head as lines."""
        return [
            f"委托项目：{self.engagement}",
            f"第三方机构：{self.agency}",
            f"底稿名称：{self.title}    索引号：{self.index_no}    第{self.edition}稿",
            f"编制人：{self.preparer}    编制日期：{self.on.isoformat()}",
        ]


class Shelf:
    """Keeps files; of old engagements one sample of each kind of paper, under each one's name.

    Three flushes to the disk a file would otherwise make half of the time that `xingping demo`
    takes. Final reports and the papers of recent engagements are files of their own.
    """

    def __init__(self) -> None:
        self._samples: dict[tuple[str, int], StoredFile] = {}

    def keep(self, head: Head, index_class: str, *, sample: bool) -> StoredFile:
        """Make the paper's file, or take the sample, and keep it under the paper's own name."""
        kind = _form(head, index_class)
        if not sample or kind == "report":
            return keep(*made(head, kind))
        key = head.title, head.edition
        if key not in self._samples:
            shown = replace(head, engagement=SAMPLE, agency=SAMPLE, index_no="", preparer="演示")
            self._samples[key] = keep(*made(shown, kind))
        return replace(self._samples[key], name=_name(head, kind))


def keep(name: str, content: bytes) -> StoredFile:
    """Send a file the way of every upload: spool, judgement by content, store."""
    arrival = uploading.Arrival(
        io.BytesIO(content), name, len(content), LIMIT, is_unclassified=True
    )
    return uploading.keep(object_store(), arrival)


def made(head: Head, kind: str) -> tuple[str, bytes]:
    """A file of this kind: its name and its bytes."""
    return _name(head, kind), FORMS[kind][1](head)


def _name(head: Head, kind: str) -> str:
    return f"{head.index_no} {head.title}.{FORMS[kind][0]}".strip()


def _form(head: Head, index_class: str) -> str:
    if "正式" in head.title:
        return "report"
    if any(word in head.title for word in ("照片", "影像")):
        return "picture"
    if any(word in head.title for word in ("函", "专家评审意见")):
        return "ofd"
    if any(word in head.title for word in ("清单", "台账", "底稿", "标准", "采纳情况")):
        return "sheet"
    if "佐证材料" in head.title or "数据和文献" in head.title:
        return "bundle"
    return {"A": "letter", "F": "table", "G": "sheet"}.get(index_class, "text")


def _text(head: Head) -> bytes:
    return files.docx(head.title, [*head.lines(), *_findings(head)])


def _letter(head: Head) -> bytes:
    return pdf(head.title, [[*head.lines(), "", *_findings(head), "", files.MARK]], seal="演示印章")


def _sheet(head: Head) -> bytes:
    rows: list[list[str | int | float]] = [[line] for line in head.lines()]
    rows.append(["序号", "指标名称", "标准分值", "核查前得分", "核查后得分", "调整得分说明"])
    for n, (name, points) in enumerate(INDICATORS.items(), start=1):
        before = round(points * head.rng.uniform(0.8, 1.0), 1)
        after = round(before - head.rng.choice((0, 0, 0.5, 1)), 1)
        rows.append([n, name, points, before, after, "" if after == before else "佐证材料不足"])
    return files.xlsx(head.title, rows)


def _table(head: Head) -> bytes:
    rows = [[n, head.rng.randint(2, 5), head.rng.choice(("城区", "镇街"))] for n in range(1, 41)]
    return files.csv([["问卷编号", "满意度（1至5）", "区域"], *rows])


def _bundle(head: Head) -> bytes:
    parts: Mapping[str, bytes | str] = {
        "现场照片/照片1.png": files.png(head.rng.randint(0, 999)),
        "现场照片/照片2.png": files.png(head.rng.randint(0, 999)),
        "拨款凭证.pdf": pdf("拨款凭证（演示）", [head.lines()]),
        "说明.txt": "\r\n".join([*head.lines(), files.MARK]),
    }
    return files.packed(parts)


def _report(head: Head) -> bytes:
    """A final report: cover with the lead evaluator who signs, findings, scores, the seal."""
    scores = [
        f"{name}：标准分值{points}，得分{points * head.rng.uniform(0.75, 1):.1f}"
        for name, points in INDICATORS.items()
    ]
    cover = [
        head.engagement,
        f"机构：{head.agency}",
        f"主评人（签名）：{head.preparer}",
        f"日期：{head.on:%Y年%m月%d日}",
        files.MARK,
    ]
    body = ["一、项目基本情况", *_findings(head), "二、评价得分", *scores]
    last = [
        "三、存在问题",
        *_findings(head),
        "四、意见建议",
        "落实到责任单位和完成时限。",
        f"主评人：{head.preparer}",
    ]
    return pdf(head.title, [cover, body, last], seal="演示印章")


def _findings(head: Head) -> list[str]:
    return [f"{n}. {line}" for n, line in enumerate(head.rng.sample(FINDINGS, 3), start=1)]


INDICATORS = {
    "立项依据充分性": 5,
    "绩效目标合理性": 6,
    "资金到位率": 8,
    "资金使用合规性": 12,
    "实际完成率": 18,
    "质量达标率": 17,
    "经济社会效益": 20,
    "服务对象满意度": 14,
}
FINDINGS = (
    "项目立项依据充分，审批程序完整，绩效目标细化量化程度有待提高。",
    "资金按进度拨付，抽查凭证二十份，其中一份缺少验收单。",
    "产出数量达到年初目标，两个点位完工时间晚于计划。",
    "现场核查点位覆盖七个镇街，设施运行正常，一处停用待修。",
    "受益对象满意度较高，对宣传和后续管护提出改进意见。",
    "制度健全，合同履约管理规范，档案归集及时。",
    "成本控制较好，单位成本低于同类项目平均水平。",
    "绩效自评得分与核查结果存在差异，主要在质量指标。",
)
FORMS: dict[str, tuple[str, Callable[[Head], bytes]]] = {
    "text": ("docx", _text),
    "letter": ("pdf", _letter),
    "sheet": ("xlsx", _sheet),
    "table": ("csv", _table),
    "bundle": ("zip", _bundle),
    "picture": ("png", lambda head: files.png(head.rng.randint(0, 999))),
    "ofd": ("ofd", lambda head: files.ofd(head.title, [*head.lines(), *_findings(head)])),
    "report": ("pdf", _report),
}
