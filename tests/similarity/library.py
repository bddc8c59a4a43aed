"""Papers with words, read into the library as the background work would, many at once."""

import hashlib
import importlib
import random
import sys
from functools import cache

from app import cage
from app.db import transaction
from app.papers import services
from app.papers.files import NewPaper
from app.similarity import texts
from tests.factories import make_engagement
from tests.papers.filing import crew_of, stored

WORDS = "资金使用管理绩效目标完成情况满意度产出数量质量时效成本社会效益可持续影响项目单位评价"


def essay(seed, length=2500):
    draw = random.Random(seed)
    return "".join(draw.choice(WORDS) for _ in range(length))


def file_text(lead, engagement, text, index_no="C-01", title="调研资料"):
    """A paper of these words by its service; its bytes are the words themselves."""
    file = stored(text.encode(), "资料.txt", media_type="text/plain")
    with transaction():
        new = NewPaper(index_no, title, engagement.current_stage)
        return services.submit_paper(lead, engagement, new, file).versions[0]


@cache
def reader():
    """The caged script's own functions; the cage around them is tried in test_texts.py."""
    sys.path.insert(0, str(cage.CAGED))
    try:
        return importlib.import_module("texts")
    finally:
        sys.path.remove(str(cage.CAGED))


def learn(*words):
    """Keep these texts as they would be after they were read."""
    for text in words:
        told = {"text": text, "buckets": reader().buckets_of(text)}
        texts.keep(hashlib.sha256(text.encode()).hexdigest(), told)


def house(**changes):
    """An engagement of an agency of its own, with its lead evaluator."""
    engagement = make_engagement(**changes)
    return crew_of(engagement)[0], engagement
