"""ossicle bench: the result and nothing else on stdout, bounded time, an orderly end."""

import json
import os
import pathlib
import re
import subprocess
import time

import pytest

from command import DONE, MODEL, OUTPUT, USAGE, expect, finish, presets, refused, run, start
from test_interrupt import SIGNALS, wait_until
from test_memory import MIB, peak_bytes
from test_report import CLEAR, on_terminal, screen

SHORT = ("--seconds", "0.02")
RESULT = {
    "frontend": str, "precision": str, "instruction_set": str, "workers": int,
    "us_per_frame": float, "times_real_time": float, "gb_per_s": float, "audio_s": float,
    "frames": int, "repetitions": int, "stages": list,
}
MODEL_RESULT = {
    "model": str, "frontend": str, "windows": int, "workers": int, "ms_per_request": float,
    "windows_per_second": float, "audio_s": float, "repetitions": int, "stages": list,
}
MACHINE = {"cpu": str, "cores": int, "instruction_set": str, "compiler": str, "build_type": str,
           "version": str, "git_hash": str}


def bench(*arguments):
    return run("bench", *SHORT, *arguments)


def results(*arguments):
    return json.loads(expect(bench("--json", *arguments)).stdout)["results"]


def version():
    return expect(run("--version")).stdout.decode()


def instruction_sets():
    return version().split("supported here: ")[1].splitlines()[0].split()


def types(value):
    return {key: type(each) for key, each in value.items()}


def test_json_has_what_the_contract_says():
    result = expect(bench("--json"))
    assert result.stderr == ""
    summary = json.loads(result.stdout)
    assert list(summary) == ["results", "machine"]
    assert types(summary["machine"]) == MACHINE
    assert f"(git {summary['machine']['git_hash']}, " in version()
    for each in summary["results"]:
        assert types(each) == RESULT
        assert 0 < each["us_per_frame"] < 1e6 and each["repetitions"] >= 3
        assert all(types(stage) == {"name": str, "share": float} for stage in each["stages"])
    assert [each["frontend"] for each in summary["results"] if each["workers"] == 1] == presets()


def test_without_flags_it_takes_the_best_instruction_set_one_worker_and_all():
    machine = json.loads(expect(bench("--json", "--frontend", "wav2lip")).stdout)["machine"]
    found = [(each["frontend"], each["precision"], each["instruction_set"], each["workers"])
             for each in results("--frontend", "wav2lip")]
    best = instruction_sets()[0]
    assert machine["instruction_set"] == best
    assert machine["cores"] == len(os.sched_getaffinity(0))
    assert found == [("wav2lip@librosa-0.9", "float", best, workers)
                     for workers in sorted({1, machine["cores"]})]


def test_flags_choose_what_is_measured():
    found = results("--frontend", "whisper-80", "--instruction-set", "all", "--precision", "both",
                    "--workers", "3")
    assert [(each["instruction_set"], each["precision"], each["workers"]) for each in found] == \
        [(name, precision, 3) for name in instruction_sets() for precision in ("float", "double")]
    narrowest = instruction_sets()[-1]
    found = results("--frontend", "whisper-80", "--instruction-set", narrowest, "--workers", "1")
    assert [each["instruction_set"] for each in found] == [narrowest]


def test_a_spec_of_ones_own(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"name": "mine", "hop_samples": 320}')
    assert [each["frontend"] for each in results("--frontend", path, "--workers", "1")] == ["mine"]


def test_table_has_a_line_for_each_measurement():
    result = expect(bench("--frontend", "wav2lip", "--workers", "1"))
    assert result.stderr == ""
    machine, heading, row = result.stdout.decode().splitlines()
    assert re.search(r", \d+ cores?, \w+; .+; ossicle \d+\.\d+\.\d+ \(git \w+", machine)
    assert heading.startswith("front end ") and "us/frame" in heading
    assert re.match(r"wav2lip@librosa-0\.9 +float +\w+ +1 +\d+\.\d{3} +\d+ +\d+\.\d\d( |$)", row)


@pytest.mark.parametrize("option, value, words", [
    ("--frontend", "wav2lop", ['"wav2lop"', '"wav2lip"']),
    ("--instruction-set", "AVX9", ["--instruction-set AVX9", "SCALAR", "all or best"]),
    ("--precision", "half", ["--precision", "half", "double", "ossicle bench --help"]),
    ("--workers", "0", ["--workers", "0", "256", "ossicle bench --help"]),
    ("--workers", "257", ["--workers", "257", "256", "ossicle bench --help"]),
    ("--seconds", "0", ["--seconds", "0.01", "600", "ossicle bench --help"]),
    ("--seconds", "601", ["--seconds", "601", "600", "ossicle bench --help"]),
    ("--seconds", "nan", ["seconds=nan", "0.01..600"]),
    ("--repetitions", "9", ["--repetitions", "ossicle bench --help"]),
])
def test_bad_flag_is_refused_before_any_work(option, value, words):
    begin = time.monotonic()
    refused(run("bench", option, value), USAGE, *words)
    assert time.monotonic() - begin < 5


FITTING = ("--frontend", "openwakeword-embedding", "--windows", "76:8")


def test_json_of_a_model_has_what_the_contract_says(model):
    result = expect(bench("--json", "--model", model, *FITTING, "--request-windows", "5"))
    assert result.stderr == ""
    summary = json.loads(result.stdout)
    assert list(summary) == ["results", "machine"]
    assert types(summary["machine"]) == MACHINE
    for each in summary["results"]:
        assert types(each) == MODEL_RESULT
        assert each["model"] == "embedding_model.onnx"
        assert each["windows"] == 5 and each["repetitions"] >= 3
        names = {stage["name"]: stage["ms"] for stage in each["stages"]}
        assert list(names) == ["features", "encoder"]
        assert 0 < sum(names.values()) <= each["ms_per_request"]
    assert [each["workers"] for each in summary["results"]] == \
        sorted({1, summary["machine"]["cores"]})


def test_a_request_to_a_model_has_25_windows_and_the_workers_that_are_named(model):
    found, = results("--model", model, *FITTING, "--workers", "3")
    assert found["windows"] == 25 and found["workers"] == 3


def test_table_of_a_model_has_a_line_for_each_number_of_workers(model):
    result = expect(bench("--model", model, *FITTING, "--workers", "2", "--request-windows", "3"))
    assert result.stderr == ""
    machine, heading, row = result.stdout.decode().splitlines()
    assert "; ossicle " in machine
    assert heading.startswith("model ") and "ms/request" in heading
    assert re.match(r"embedding_model.onnx on openwakeword-embedding\S* +3 +2 +\d+\.\d{3} +\d+\.\d  "
                    r"features \d+\.\d{3} ms, encoder \d+\.\d{3} ms$", row)
    assert heading.index("windows/s") + len("windows/s") == row.index("  features")


@pytest.mark.parametrize("flags, words", [
    (["--request-windows", "25"], ["--request-windows", "--model"]),
    (["--windows", "76:8"], ["--windows", "--model"]),
    (["--model", "MODEL", "--precision", "double"], ["--precision", "--model"]),
    (["--model", "MODEL", "--instruction-set", "all"], ["--instruction-set", "--model"]),
    (["--model", "MODEL", *FITTING, "--request-windows", "0"], ["--request-windows", "0", "65536"]),
    (["--model", "MODEL"], ["pass frontend and windows"]),
])
def test_bad_flag_of_a_model(model, flags, words):
    refused(bench(*[model if flag == "MODEL" else flag for flag in flags]), USAGE, *words)


def test_model_that_is_not_there(tmp_path):
    path = tmp_path / "missing.onnx"
    refused(bench("--model", path, *FITTING), MODEL, path, "no such file")


def test_wrong_spec(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"hop_samples": 0}')
    refused(bench("--frontend", path), USAGE, path, "hop_samples=0", "1..")


def test_time_is_bounded_for_a_front_end_whose_minute_takes_minutes(tmp_path):
    path = tmp_path / "slow.json"
    path.write_text('{"fft_size": 65536, "window_samples": 65536, "hop_samples": 16}')
    begin = time.monotonic()
    found, = results("--frontend", path, "--workers", "1")
    assert time.monotonic() - begin < 30
    assert found["audio_s"] < 60


def test_memory_is_bounded_for_a_front_end_whose_minute_takes_gigabytes(tmp_path):
    path = tmp_path / "dense.json"
    path.write_text('{"hop_samples": 1, "mel_bands": 1024}')
    process = start("bench", *SHORT, "--frontend", path, "--precision", "both",
                    stdout=subprocess.DEVNULL)
    assert peak_bytes(process) <= 128 * MIB


def test_reader_that_has_gone_is_an_error_of_the_output():
    read, write = os.pipe()
    os.close(read)
    process = start("bench", *SHORT, "--frontend", "wav2lip", stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    result = expect(finish(process), OUTPUT)
    assert result.stderr.startswith("ossicle: ")


def test_full_disk():
    with open("/dev/full", "wb") as full:
        process = start("bench", *SHORT, "--frontend", "wav2lip", stdout=full,
                        stderr=subprocess.PIPE)
    assert finish(process).code == OUTPUT


def test_bar_on_a_terminal_is_wiped_in_the_end():
    code, sent = on_terminal("bench", "--seconds", "0.1")
    assert code == DONE
    count = len(results())
    assert any(f" of {count}" in piece for piece in sent.split(CLEAR))
    assert screen(sent) == ""


def test_quiet_on_a_terminal():
    assert on_terminal("bench", "--quiet", "--seconds", "0.1") == (DONE, "")


def catches(pid, number):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16) >> (number - 1) & 1


@pytest.mark.parametrize("number, code", SIGNALS)
@pytest.mark.parametrize("arguments", [(), ("--json", "--frontend", "wav2lip")])
def test_signal_ends_it_without_half_a_result(number, code, arguments):
    process = start("bench", "--seconds", "100", *arguments, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE)
    wait_until(lambda: catches(process.pid, number))
    time.sleep(0.2)
    assert process.poll() is None
    process.send_signal(number)
    begin = time.monotonic()
    result = expect(finish(process), code)
    assert time.monotonic() - begin < 1.5  # orderly, not by the alarm that ends what hangs
    assert result.stdout == b""
    assert result.stderr == "ossicle: interrupted\n"
