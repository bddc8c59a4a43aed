"""Charts are well-formed SVG that says its figures, escapes its names and styles nothing inline."""

from xml.etree import ElementTree

import pytest

from app import charts, svg
from app.svg import Point, Scale

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("1")</script>&\'演示'
STRIP = [("方案", "done"), (NASTY, "late"), ("归档", "ahead")]
ROWS = [(NASTY, 4.62, 4.4, 4.8, 4.46), ("演示机构 03", 4.54, 4.39, 4.69, None)]
AXES = [NASTY, "效率", "沟通", "满意度"]
HISTORY = (["2025", NASTY, "2026"], [(NASTY, [3.9, None, 4.4]), ("原始", [4, 4.1, 4.2])])
ALL = {
    "stage_strip": charts.stage_strip(STRIP),
    "stars": charts.stars(4.46),
    "bar": charts.bar(0.8, label=NASTY, tone="gold"),
    "bars": charts.bars([(NASTY, 23), ("演示机构 09", 9.5)], title=NASTY, unit=" 项"),
    "interval": charts.interval(ROWS[0], scale=(2.5, 5.05, 0.5)),
    "intervals": charts.intervals(ROWS, title=NASTY, scale=(2.5, 5.05, 0.5)),
    "radar": charts.radar(AXES, [(NASTY, [4, 4.1, 4.2, 3]), ("平均", [4, 4, 4, 4])], title=NASTY),
    "line": charts.line(*HISTORY, title=NASTY),
}


def parse(chart):
    return ElementTree.fromstring(str(chart))


def every(chart, tag):
    return parse(chart).findall(f".//{SVG}{tag}")


def number(element, name):
    return float(element.get(name))


@pytest.mark.parametrize("name", ALL)
def test_a_chart_is_well_formed_and_has_a_name(name):
    root = parse(ALL[name])
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert root.find(f"{SVG}title").text
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


@pytest.mark.parametrize("name", ["bars", "intervals", "radar", "line"])
def test_a_whole_chart_says_its_figures(name):
    words = parse(ALL[name]).find(f"{SVG}desc").text
    assert any(figure in words for figure in ("23", "4.62", "4.1"))


@pytest.mark.parametrize("name", ALL)
def test_names_are_escaped_and_nothing_is_styled_inline(name):
    written = str(ALL[name])
    assert "<script" not in written
    for element in parse(ALL[name]).iter():
        assert element.tag.startswith(SVG)
        assert not {"style", "id", "class"} & set(element.attrib) - {"class"}
        assert not any(key.startswith("on") for key in element.attrib)
    assert "style=" not in written


@pytest.mark.parametrize("name", ["bars", "intervals", "radar", "line"])
def test_text_names_its_font_for_the_pdf(name):
    texts = every(ALL[name], "text")
    assert texts
    assert all("Xingping Sans" in text.get("font-family") for text in texts)
    assert NASTY in [text.text for text in texts]


@pytest.mark.parametrize("name", ALL)
def test_shapes_stay_inside_the_picture(name):
    root = parse(ALL[name])
    width, height = number(root, "width"), number(root, "height")
    for element in root.iter():
        for x, y in (("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy")):
            if element.get(x) is not None:
                assert -0.01 <= number(element, x) <= width + 0.01
                assert -0.01 <= number(element, y) <= height + 0.01


def test_an_interval_is_where_the_scale_says():
    chart = charts.interval(("", 4.0, 3.0, 5.0, 2.0), scale=(1, 5, 1), width=212)
    stroke = next(line for line in every(chart, "line") if line.get("stroke-width"))
    dot, ring = every(chart, "circle")
    assert (number(stroke, "x1"), number(stroke, "x2")) == (106, 206)
    assert (number(dot, "cx"), number(ring, "cx")) == (156, 56)
    assert ring.get("fill") == "#fff"


def test_without_a_raw_mean_there_is_no_ring():
    assert len(every(charts.interval(ROWS[1]), "circle")) == 1


def test_a_value_outside_the_scale_is_held_at_its_end():
    assert Scale(1, 5, 1).at(9, 100) == 100
    assert Scale(1, 5, 1).at(-9, 100) == 0


@pytest.mark.parametrize(
    ("scale", "marks"),
    [
        ((1, 5, 1), [1, 2, 3, 4, 5]),
        ((2.5, 5.05, 0.5), [2.5, 3, 3.5, 4, 4.5, 5]),
        ((0.3, 1, 0.2), [0.4, 0.6, 0.8, 1]),
    ],
)
def test_grid_lines_stand_on_whole_steps(scale, marks):
    assert Scale(*scale).marks() == pytest.approx(marks)


def test_the_last_star_is_filled_only_as_far_as_earned():
    for value in (0, 0.25, 1, 3.5, 4.46, 5):
        polygons = every(charts.stars(value, size=20), "polygon")
        lit = [each for each in polygons if each.get("fill") == "#b87900"]
        assert len(polygons) - len(lit) == 5
        right = max(
            (float(pair.split(",")[0]) for each in lit for pair in each.get("points").split()),
            default=0,
        )
        assert right <= value * 20 + 0.01
        assert len(lit) == -(-value // 1)


def test_a_strip_shows_where_the_work_stands():
    cells = every(ALL["stage_strip"], "rect")
    assert [cell.get("fill") for cell in cells] == ["#8fb0da", "#b3202c", "#e3e8f0"]
    assert number(cells[1], "height") > number(cells[0], "height")
    assert parse(ALL["stage_strip"]).get("aria-label").endswith("1/3")


def test_a_missing_value_is_a_gap_and_never_a_guess():
    lines = every(
        charts.line(["a", "b", "c", "d"], [("x", [1, None, 3, 4])], title="t"), "polyline"
    )
    assert [len(each.get("points").split()) for each in lines] == [1, 2]


def test_a_radar_has_its_first_axis_upright_and_its_rim_at_the_top_value():
    chart = charts.radar(["a", "b", "c", "d"], [("x", [5, 5, 5, 5])], title="t", top=5)
    *rings, shape = every(chart, "polygon")
    assert shape.get("points") == rings[-1].get("points")
    first = Point(*map(float, shape.get("points").split()[0].split(",")))
    assert first.x == pytest.approx(180)


def test_a_radar_of_two_axes_is_refused():
    with pytest.raises(ValueError, match="three axes"):
        charts.radar(["a", "b"], [("x", [1, 2])], title="t")


def test_charts_of_nothing_are_still_charts():
    for chart in (
        charts.bars([], title="t"),
        charts.intervals([], title="t"),
        charts.line([], [], title="t"),
        charts.stage_strip([]),
        charts.bars([("a", 0)], title="t"),
        charts.line(["a"], [("x", [None])], title="t"),
    ):
        parse(chart)


@pytest.mark.parametrize(
    "name", ["演示" * 9 + "（特殊普通合伙）", "演示" * 40, "A very long name " * 9]
)
def test_a_long_name_is_not_cut_off_at_the_pictures_edge(name):
    """It gets its room, and beyond nearly half of the picture an ellipsis; the words say it whole."""
    for drawn in (
        charts.bars([(name, 4)], title="t"),
        charts.intervals([(name, 3, 2, 4, None)], title="t"),
    ):
        label = next(text for text in every(drawn, "text") if text.get("text-anchor") == "end")
        assert float(label.get("x")) >= svg.length_of(label.text)
        assert label.text == name or label.text.endswith("…")
        assert name in parse(drawn).find(f"{SVG}desc").text
    assert svg.fitting("演示", 26) == "演示"
