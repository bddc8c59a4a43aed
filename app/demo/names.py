"""Who lives in the demonstration district: all invented, and marked 演示."""

from collections.abc import Iterator
from random import Random

from app.agencies.models import AgencyType

BUREAU = "演示区财政局"

SECTIONS = (
    "行政政法科",
    "教科文科",
    "经济建设科",
    "农业农村科",
    "社会保障科",
    "产业发展科",
    "自然资源和生态环境科",
    "综合科",
)

TOWNS = ("云桥镇", "梅岗镇", "南汀镇", "竹溪镇", "白石街道", "青塘街道", "新河街道", "枫林街道")

# Department, the section of the bureau that looks after it, its subordinate units.
DEPARTMENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("农业农村局", "农业农村科", ("农业技术推广中心", "水产技术推广站", "畜牧兽医服务站")),
    ("水利局", "农业农村科", ("河道管理中心", "水库管理所")),
    ("教育局", "教科文科", ("第一中学", "实验小学", "学生资助管理中心", "教师发展中心")),
    ("文化和旅游局", "教科文科", ("文化馆", "图书馆", "体育活动中心")),
    ("科学技术局", "教科文科", ("科技创新服务中心",)),
    ("住房和城乡建设局", "经济建设科", ("市政园林养护中心", "保障性住房服务中心")),
    ("交通运输局", "经济建设科", ("公路养护中心", "公共交通服务中心")),
    ("综合行政执法局", "经济建设科", ("环境卫生管理所", "智慧城管指挥中心")),
    ("民政局", "社会保障科", ("养老服务指导中心", "社会福利院")),
    ("卫生健康局", "社会保障科", ("人民医院", "疾病预防控制中心", "妇幼保健院")),
    ("人力资源和社会保障局", "社会保障科", ("就业服务中心", "人才服务中心")),
    ("经济和信息化局", "产业发展科", ("中小企业服务中心",)),
    ("生态环境分局", "自然资源和生态环境科", ("环境监测站",)),
    ("应急管理局", "行政政法科", ("应急救援保障中心",)),
)

_CONSULTANCY, _ACCOUNTING = AgencyType.CONSULTANCY, AgencyType.ACCOUNTING

# Name, type, skill (-1 to 1: how well and how punctually they work), share of the work.
AGENCIES: tuple[tuple[str, AgencyType, float, int], ...] = (
    ("演示明衡绩效咨询有限公司", _CONSULTANCY, 0.95, 14),
    ("演示澄观绩效评价有限公司", _CONSULTANCY, 0.80, 12),
    ("演示允中会计师事务所（普通合伙）", _ACCOUNTING, 0.70, 11),
    ("演示知衡管理咨询有限公司", _CONSULTANCY, 0.55, 10),
    ("演示砺石会计师事务所（特殊普通合伙）", _ACCOUNTING, 0.60, 10),
    ("演示溯实绩效咨询有限公司", _CONSULTANCY, 0.45, 9),
    ("演示同度公共政策研究院", AgencyType.RESEARCH, 0.75, 8),
    ("演示清核会计师事务所（普通合伙）", _ACCOUNTING, 0.30, 8),
    ("演示博析管理咨询有限公司", _CONSULTANCY, 0.25, 8),
    ("演示正量资产评估有限公司", AgencyType.APPRAISAL, 0.20, 7),
    ("演示大学公共绩效研究中心", AgencyType.UNIVERSITY, 0.65, 6),
    ("演示谨言会计师事务所（普通合伙）", _ACCOUNTING, 0.10, 7),
    ("演示朗秤绩效评价有限公司", _CONSULTANCY, 0.05, 7),
    ("演示公格工程咨询有限公司", _CONSULTANCY, 0.0, 7),
    ("演示远瞻管理咨询有限公司", _CONSULTANCY, -0.05, 6),
    ("演示思齐资产评估有限公司", AgencyType.APPRAISAL, -0.10, 6),
    ("演示方尺会计师事务所（普通合伙）", _ACCOUNTING, -0.15, 6),
    ("演示汇明绩效咨询有限公司", _CONSULTANCY, -0.20, 6),
    ("演示衡舟管理咨询有限公司", _CONSULTANCY, -0.30, 5),
    ("演示广思会计师事务所（普通合伙）", _ACCOUNTING, -0.35, 5),
    ("演示启程项目管理有限公司", _CONSULTANCY, -0.50, 5),
    ("演示中规律师事务所", AgencyType.LAW, 0.15, 3),
    ("演示快捷绩效咨询有限公司", _CONSULTANCY, -0.85, 5),
    ("演示新程管理咨询有限公司", _CONSULTANCY, -0.60, 2),
    ("演示初心财政研究所", AgencyType.RESEARCH, 0.40, 1),
)

QUALIFICATIONS = (
    "注册会计师",
    "高级会计师",
    "会计师",
    "高级经济师",
    "资产评估师",
    "注册咨询工程师（投资）",
    "副研究员",
)
ROADS = ("知行路", "明德街", "春和路", "建设巷", "滨河大道", "东园路", "学士街", "平安路")

SURNAMES = (
    "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄吕江何萧罗高潘简朱钟"
    "游彭詹胡施沈余卢梁赵颜柯翁魏孙戴范方宋邓"
)
GIVEN = (
    "明远安宁清和思齐文博若谷立诚亦然景行书恒静怡晓岚子墨佳禾雨桐一鸣知行"
    "世平嘉言慕白怀瑾望舒听澜修竹云帆"
)


def people(rng: Random) -> Iterator[str]:
    """Invented names without end, each once: 演示, a surname, and one or two characters."""
    pairs = [GIVEN[n : n + 2] for n in range(0, len(GIVEN), 2)]
    firsts = [*pairs, *sorted(set(GIVEN))]
    names = [f"演示{surname}{first}" for surname in SURNAMES for first in firsts]
    rng.shuffle(names)
    yield from names
