"""The names of a pack's files, their texts, and the words for whoever opens it. Pure but prints."""

import json
from collections.abc import Mapping
from typing import Any

from flask import current_app

from app.listed_zip import SUMS, Kind

FORMAT = "xingping-decision-pack"
MANIFEST, README = "pack.json", "说明.txt"
CHECKPOINT, KEY, EVENTS = "audit/checkpoint.txt", "audit/key.txt", "audit/events.jsonl"
OWN = frozenset({MANIFEST, SUMS, CHECKPOINT, KEY, EVENTS})
KIND = Kind("pack", FORMAT, MANIFEST, own=OWN, needed=OWN)
BOOK, SUMMARY, RANKINGS = "决策表.xlsx", "决策汇总-{:02d}.pdf", "rankings"
DECISION, OCDS, SHEET = "decision.json", "ocds.json", "决策单.pdf"


def as_text(told: Mapping[str, Any]) -> bytes:
    """Plain data as JSON that a person can read too."""
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def line_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """What the summary says of a lot."""
    choice = told["choice"] or {}
    names = ("name", "price_fen", "standing", "outside_reason", "decided_by", "approved_by")
    line = {name: choice.get(name) for name in names}
    left_out = sum(row["group"] == "left_out" for row in told["considered"])
    return {
        **{f"choice_{name}": value for name, value in line.items()},
        **{name: told[name] for name in ("code", "name", "budget_fen", "state")},
        "considered": len(told["considered"]),
        "left_out": left_out,
    }


def printed(template: str, **told: object) -> str:
    """A document for print, made by a worker: without what pages add for a reader."""
    from app.packs import labels
    from app.procurement.labels import METHODS

    context = {"words": labels, "methods": METHODS, "config": current_app.config}
    return current_app.jinja_env.get_template(template).render(**context, **told)


WORDS = """本决策包由绩效评价第三方机构管理平台（星评）生成。

pack.json                采购需求、方式依据、各项计数、全部文件的 SHA-256
SHA256SUMS               sha256sum -c SHA256SUMS 可直接核对
决策汇总-01.pdf 决策表.xlsx  全部标包的结果、参与与排除情况及规则
lots/001/decision.json   一个标包：参与、排除及规则、排名依据、利益冲突、结果、理由、批准人
lots/001/决策单.pdf      同上，供打印归档
lots/001/draw-1.json     摇号记录，可单独重算：xingping verify draw-1.json
lots/001/ocds.json       开放合同数据（OCDS 1.1.5）
rankings/                所引用排名的公开包
audit/                   审计日志中的全部相关事件、包含证明、签名的检查点和公钥

离线核验：xingping verify 决策包.zip --key 公钥文件 --anchor 另行保存的检查点
排名仅为择优的参考证据，不是参加采购活动的条件。
"""
