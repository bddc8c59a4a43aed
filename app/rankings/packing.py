"""The bundles of a published snapshot, out of what was kept when it was computed and signed."""

from app.audit.keys import known_keys
from app.rankings import bundles
from app.rankings.inputs import unpacked
from app.rankings.models import RankingSnapshot

PUBLIC_WORDS = """星评 机构排名公开包 {code}
public.json     公开的汇总结果(四舍五入,不含任何单次评价)
method.json     方法文件:方法编号、权重及全部参数
statement.txt   经门户日志密钥(Ed25519)签名的声明:各文件的 SHA-256
key.txt         公钥;请与另行取得的公钥核对
核验: xingping verify {code}-public.zip --key 公钥文件

Public bundle of the ranking {code}: aggregates, the method file, and the statement that the log's
key signed. Check it with `xingping verify`; hold key.txt against a copy known from elsewhere.
"""
FULL_WORDS = """星评 机构排名完整包 {code}(内部资料,仅限审计、投诉处理等有权机关使用)
ratings.json    参与计算的全部评价;评价、评价人、单位、项目的编号仅用于本次排名
method.json     方法文件:方法编号、权重及全部参数、随机种子
result.json     未四舍五入的完整结果
workings.json   每条评价的各项:权重、星级、评价人宽严、项目难度、角色与服务类型
public.json     公开的汇总结果
statement.txt   经门户日志密钥(Ed25519)签名的声明:各文件的 SHA-256
key.txt         公钥;请与另行取得的公钥核对
离线重算: xingping verify {code}-full.zip --key 公钥文件

Full bundle of the ranking {code}, for auditors and the complaint authority. `xingping verify`
computes it anew from ratings.json and method.json, without the portal, and compares every figure.
"""


def public_bundle(snapshot: RankingSnapshot) -> bytes:
    """Aggregates, the method file and the signed statement."""
    return bundles.Bundle(_common(snapshot, PUBLIC_WORDS)).packed()


def full_bundle(snapshot: RankingSnapshot) -> bytes:
    """All that the ranking was computed on, and all that came out."""
    more = {
        bundles.RATINGS: unpacked(snapshot.inputs or b""),
        bundles.RESULT: snapshot.result,
        bundles.WORKINGS: unpacked(snapshot.workings or b""),
    }
    return bundles.Bundle(_common(snapshot, FULL_WORDS) | more).packed()


def _common(snapshot: RankingSnapshot, words: str) -> dict[str, str]:
    keys = "".join(f"{key.words()}\n" for key in known_keys())
    return {
        bundles.README: words.format(code=snapshot.code),
        bundles.KEY: keys,
        bundles.STATEMENT: snapshot.statement,
        bundles.METHOD: snapshot.parameters,
        bundles.PUBLIC: snapshot.public,
    }
