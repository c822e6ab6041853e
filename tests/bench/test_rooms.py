"""What the benchmark's rooms do to scenes, boxes and states; the measuring itself is not tested."""

import numpy as np
import pytest

from bench import __main__ as command
from bench import scene_list, scenes
from bench.baselines import NaiveMap, RunningAverage, boxes
from bench.campus import by_hand
from bench.memory import array_bytes
from bench.scenes import Job, Score
from bench.table import Bound, Detail, Outcome, Row, markdown
from bench.timing import best_of

# --- worked examples ---


def test_a_light_step_comes_in_the_middle_on_top_of_the_scenes_own_light():
    lit = scene_list.light_step({"length_s": 100})["brightness"]
    assert [(level["at_s"], level["gain"]) for level in lit] == [(0, 1), (50, 1), (50, 1.35)]
    own = {"length_s": 100, "brightness": [{"at_s": 0, "gain": 1}, {"at_s": 100, "gain": 2}]}
    lit = scene_list.light_step(own)["brightness"]
    gains = [(level["at_s"], level["gain"]) for level in lit]
    assert gains == [(0, 1), (50, 1.5), (50, pytest.approx(2.025)), (100, 2.7)]


def test_a_step_of_the_scenes_own_stays_a_step():
    own = [{"at_s": 0, "gain": 1}, {"at_s": 25, "gain": 1}, {"at_s": 25, "gain": 2}]
    lit = scene_list.dimming({"length_s": 100, "brightness": own})["brightness"]
    gains = [(level["at_s"], pytest.approx(level["gain"])) for level in lit]
    # 1.3 to 0.7 over 100 s is 1.15 at 25 s.
    assert gains == [(0, 1.3), (25, 1.15), (25, 2.3), (100, 1.4)]


def test_noise_and_shake_are_told_in_the_scenes_own_pixels():
    noisy = scene_list.noise({"noise_sigma": 2, "noise": [{"at_s": 0, "sigma": 1}]})
    assert noisy == {"noise_sigma": 8}
    assert scene_list.shake({"columns": 768})["shake"] == 3
    assert scene_list.shake({"columns": 1280})["shake"] == 5


def test_a_scene_seen_at_a_films_rate_is_the_same_in_all_else():
    assert scene_list.often({"fps": 10, "length_s": 60}) == {"fps": 25, "length_s": 60}


def test_faint_scenes_are_known_in_both_sets():
    assert scene_list.is_faint("contrast-12")
    assert scene_list.is_faint("2:contrast-12-rain")
    assert not scene_list.is_faint("contrast-25")


def test_a_box_of_the_whole_picture_heats_every_cell():
    naive = NaiveMap()
    naive.take(np.full((240, 320), 255, np.uint8), 40)
    naive.take(np.zeros((240, 320), np.uint8), 40)
    assert naive.cells.shape == (192, 192)
    assert (naive.cells.min(), naive.cells.max(), naive.presence_ms) == (40, 40, 40)


def test_a_blob_below_a_four_hundredth_of_the_picture_is_no_box():
    mask = np.zeros((200, 200), np.uint8)
    mask[10:20, 10:20] = 255  # 100 of 40,000 pixels
    mask[50:59, 50:60] = 255  # 90
    assert list(boxes(mask)) == [(10, 10, 20, 20)]


def test_boxes_by_hand_count_from_one_and_are_cut_at_the_picture():
    # The picture is 640 x 480: 3.33 columns and 2.5 rows a cell.
    naive = by_hand("1,1,1,1,320,480,1,-1,-1,-1\n2,1,-99,1,100,480,1,-1,-1,-1\n")
    assert naive.presence_ms == 40
    assert (naive.cells[:, :96] == 40).all()
    assert (naive.cells[:, 96:] == 0).all()
    # The second cell's centre is 5 pixels in, where the sixth column begins.
    assert by_hand("1,1,6,1,100,480,1,-1,-1,-1\n").cells[0, :3].tolist() == [0, 40, 40]


def test_the_running_average_sees_what_comes_and_not_what_stays():
    average = RunningAverage()
    empty = np.full((200, 200, 3), 100, np.uint8)
    there = empty.copy()
    there[80:120, 80:120] = 200
    assert not average.boxed(empty).any()
    seen = average.boxed(there)
    assert seen.shape == (200, 200)
    assert seen[100, 100] == 255
    assert not seen[:60].any()
    # 100 grey levels off, less a hundredth with each picture: 99 after one, 13 after 200.
    assert average.boxed(there)[100, 100] == 255
    for _ in range(200):
        seen = average.boxed(there)
    assert not seen.any()


def test_a_shared_array_counts_once_and_a_view_as_the_whole_it_keeps():
    ten = np.zeros(10, np.uint8)
    assert array_bytes((ten, {"again": ten}, [np.zeros((3, 4), np.float32)[0]], 5, "text")) == 58


def test_seconds_are_off_to_both_sides():
    score = Score(Job("shop", "", ()), 200.0, 3, seconds={"ours": 190.0, "MOG2": 220.0})
    assert score.off("ours") == pytest.approx(5)
    assert score.off("MOG2") == pytest.approx(10)


def test_the_worst_of_each_set_is_told_and_how_far_they_are_apart():
    def score(name, r, seconds, **others):
        job = Job(name, scenes.GOOD_LIGHT, ())
        return Score(job, 100.0, 3, {"ours": r} | others, {"ours": seconds} | others)

    good = [score("pole", 0.99, 97.0, CNT=0.5), score("shop", 0.98, 99.0, CNT=0.25)]
    told = scenes.rows(scenes.GOOD_LIGHT, [*good, score("2:mast", 0.95, 106.0)])
    assert [row.values for row in told] == [
        {"ours": 0.98, "CNT": 0.25},
        {"ours": pytest.approx(3), "CNT": pytest.approx(99.75)},
        {"ours": 0.95},
        {"ours": pytest.approx(6)},
        {"ours": pytest.approx(0.03)},
    ]
    assert [row.verdict for row in told] == ["met", "met", "missed", "missed", "missed"]
    assert [row.note for row in told[:3]] == ["shop; pole", "pole; shop", "2:mast"]
    bad_light = scenes.rows("noise", [score("2:mast", 0.95, 106.0)])
    assert [row.verdict for row in bad_light] == ["met", "met"]


def test_a_bound_is_met_at_its_own_value():
    assert Bound("at least", 0.98).verdict(0.98) == "met"
    assert Bound("at least", 0.98).verdict(0.9799) == "missed"
    assert Bound("at most", 5.0).verdict(5.0) == "met"
    assert Bound("at most", 5.0).verdict(5.01) == "missed"
    assert Bound("at most", 5.0).verdict(float("nan")) == "missed"
    assert Bound("at most", 5.0).verdict(None) == "not measured"


def test_the_table_tells_figures_bound_verdict_and_what_is_missing():
    row = Row("decode", "1080p", "x", {"ours": 1.4567, "CNT": 3.0}, Bound("at most", 1.5), "a")
    detail = Detail("decode", "More", ("scene", "r"), [["shop", 0.98765]])
    outcome = Outcome([row], [detail], ["highway, as it is not here"])
    assert markdown("A machine.", outcome).splitlines() == [
        "A machine.",
        "",
        "| what | unit | ours | CNT | bound |  | note |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| 1080p | x | 1.457 | 3 | at most 1.5 | met | a |",
        "",
        "Not measured: highway, as it is not here.",
        "",
        "**More**",
        "",
        "| scene | r |",
        "| --- | --- |",
        "| shop | 0.9877 |",
    ]


def test_everybody_runs_once_a_round_in_turn():
    ran = []
    best = best_of(2, {"a": lambda: ran.append("a"), "b": lambda: ran.append("b")})
    assert ran == ["a", "b", "a", "b"]
    assert set(best) == {"a", "b"}


def test_only_the_part_between_the_marks_is_written_anew(tmp_path):
    page = tmp_path / "engine.md"
    page.write_text("Before\n<!-- bench -->\nold\n<!-- /bench -->\nAfter\n")
    command.write_into(page, "new\n")
    assert page.read_text() == "Before\n<!-- bench -->\nnew\n<!-- /bench -->\nAfter\n"


# --- refusals ---


def test_an_unknown_room_is_refused_by_name(capsys):
    with pytest.raises(SystemExit):
        command.main(["--only", "decoed"])
    assert "'decoed' is none of: decode, detection" in capsys.readouterr().err


def test_a_page_without_marks_is_refused(tmp_path):
    page = tmp_path / "engine.md"
    page.write_text("nothing\n")
    with pytest.raises(SystemExit, match=r"engine\.md has no line <!-- bench -->"):
        command.write_into(page, "new\n")


def test_a_room_that_breaks_off_loses_no_figure_of_another(tmp_path, monkeypatch, capsys):
    def breaks_off(_):
        raise SystemExit("the camera did not start")

    row = Row("decode", "share of decoding", "x", {"ours": 1.25})
    monkeypatch.setattr("bench.decode.run", lambda _: Outcome([row]))
    monkeypatch.setattr("bench.control.run", breaks_off)
    options = ["--only", "control,decode", "--cache", str(tmp_path), "--out", str(tmp_path)]
    with pytest.raises(SystemExit, match="rooms that broke off: control"):
        command.main(options)
    told = capsys.readouterr().out
    assert "share of decoding | x | 1.25" in told
    assert "Not measured: control, which broke off: SystemExit: the camera did not start." in told
    assert (tmp_path / "bench.md").read_text() == told
