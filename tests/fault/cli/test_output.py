"""Outputs that cannot be written (exit code 4), and what is never touched."""

import os
import shutil
import subprocess

import numpy as np
import pytest

from command import (COMMAND, HANG_SECONDS, INPUT, OUTPUT, SOME_FAILED, USAGE, Result, expect,
                     finish, refused, run, start)

OLD = b"what was there before"


def extract(*arguments, **options):
    return run("extract", "--frontend", "wav2lip", *arguments, **options)


def test_missing_folder(out, speech):
    path = out.parent / "missing" / "talk.npy"
    refused(extract(speech, "-o", path), OUTPUT, path, "does not exist", "mkdir -p")
    assert not path.parent.exists()


def test_missing_folder_is_told_before_the_input_is_read(out, tmp_path):
    path = out.parent / "missing" / "talk.npy"
    result = refused(extract(tmp_path / "missing.wav", "-o", path), OUTPUT, path)
    assert "missing.wav" not in result.stderr


def test_path_below_a_file(out, speech):
    out.write_bytes(OLD)
    refused(extract(speech, "-o", out / "talk.npy"), OUTPUT, out, "not a directory")
    assert out.read_bytes() == OLD


@pytest.mark.skipif(os.getuid() == 0, reason="permissions do not bind root")
def test_folder_that_may_not_be_written(out, speech):
    out.parent.chmod(0o555)
    refused(extract(speech, "-o", out), OUTPUT, out, "permission denied")
    out.parent.chmod(0o755)


@pytest.mark.parametrize("command", ["extract", "plot"])
def test_existing_output_is_kept(out, speech, command):
    path = out.with_suffix(".npy" if command == "extract" else ".png")
    path.write_bytes(OLD)
    refused(run(command, "--frontend", "wav2lip", speech, "-o", path), OUTPUT, path,
            "it exists", "--overwrite")
    assert path.read_bytes() == OLD


def test_overwrite_replaces(out, speech):
    out.write_bytes(OLD)
    expect(extract(speech, "-o", out, "--overwrite"))
    assert np.load(out).shape[0] == 80


def test_failed_input_keeps_the_old_output_despite_overwrite(out, tmp_path):
    out.write_bytes(OLD)
    refused(extract(tmp_path / "missing.wav", "-o", out, "--overwrite"), INPUT)
    assert out.read_bytes() == OLD


def test_input_is_never_overwritten(tmp_path, speech):
    path = tmp_path / "talk.npy"
    shutil.copy(speech, path)
    refused(extract(path, "-o", path, "--overwrite"), USAGE, path, "is the input")
    assert path.read_bytes() == speech.read_bytes()


def test_full_device(speech):
    refused(extract(speech, "-o", "/dev/full"), OUTPUT, "/dev/full", "no space left")


@pytest.mark.parametrize("arguments", [
    ["extract", "--frontend", "wav2lip", "SPEECH", "-o", "-"],
    ["frontends"],
    ["frontends", "wav2lip"],
    ["--help"],
    ["--version"],
])
def test_full_standard_output(speech, arguments):
    words = [str(speech) if word == "SPEECH" else word for word in arguments]
    with open("/dev/full", "wb") as full:
        process = subprocess.run([COMMAND, *words], stdout=full, stderr=subprocess.PIPE)
    refused(Result(process.returncode, b"", process.stderr), OUTPUT, "standard output", "no space")


def test_full_standard_output_for_the_summary(out, speech):
    with open("/dev/full", "wb") as full:
        process = start("extract", "--frontend", "wav2lip", speech, "-o", out, "--json", "--quiet",
                        stdout=full, stderr=subprocess.PIPE)
        refused(finish(process), OUTPUT, "standard output")


@pytest.mark.parametrize("arguments", [["extract", "--frontend", "wav2lip", "SPEECH", "-o", "-"],
                                       ["frontends"]])
def test_reader_that_has_gone(speech, arguments):
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = start(*[speech if word == "SPEECH" else word for word in arguments],
                    stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)
    refused(finish(process), OUTPUT, "standard output", "broken pipe")


def test_closed_standard_output_does_not_end_up_in_the_file(out, speech):
    expect(extract(speech, "-o", out))
    other = out.with_name("other.npy")
    shell = f'exec "{COMMAND}" extract --frontend wav2lip "{speech}" -o "{other}" --json >&-'
    subprocess.run(["sh", "-c", shell], stderr=subprocess.DEVNULL, timeout=HANG_SECONDS)
    assert other.read_bytes() == out.read_bytes()


def test_array_on_standard_output_equals_the_file(out, speech):
    expect(extract(speech, "-o", out))
    assert expect(extract(speech, "-o", "-")).stdout == out.read_bytes()


def mount_command():
    """How this user gets a mount namespace of their own, or None."""
    if shutil.which("unshare") is None:
        return None
    for how in (["unshare", "-m"], ["unshare", "-rm"]):
        probe = [*how, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"]
        if subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0:
            return how
    return None


def run_on_full_disk(folder, script):
    """Runs a shell script in a file system of 64 KiB that is mounted on `folder`."""
    how = mount_command()
    if how is None:
        pytest.skip("no mount namespace here: neither unshare -m nor unshare -rm may mount a tmpfs")
    setup = 'mount -t tmpfs -o size=64k tmpfs "$0" && cd "$0" && '
    return subprocess.run([*how, "sh", "-c", setup + script, folder, COMMAND],
                          capture_output=True, text=True, timeout=HANG_SECONDS)


def test_full_disk_leaves_nothing(tmp_path, speech):
    result = run_on_full_disk(
        tmp_path, f'"$1" extract --frontend wav2lip "{speech}" -o talk.npy; echo $?; ls -A')
    assert result.stdout == f"{OUTPUT}\n", result
    assert "no space left" in result.stderr and "talk.npy" in result.stderr


def test_full_disk_keeps_the_old_file_despite_overwrite(tmp_path, speech):
    result = run_on_full_disk(
        tmp_path, 'echo old > talk.npy; '
        f'"$1" extract --frontend wav2lip "{speech}" -o talk.npy --overwrite; echo $?; '
        'ls -A; cat talk.npy')
    assert result.stdout == f"{OUTPUT}\ntalk.npy\nold\n", result
    assert "no space left" in result.stderr


def test_full_disk_ends_a_job_of_many_at_once(tmp_path, recordings):
    inputs = " ".join(f'"{path}"' for path in recordings)
    result = run_on_full_disk(
        tmp_path,
        f'"$1" extract --frontend wav2lip --workers 1 {inputs} -o all; echo $?; ls -A all')
    assert result.stdout == f"{OUTPUT}\n", result
    assert result.stderr.count("no space left") == 1


def test_several_inputs_of_which_some_fail(tmp_path, recordings, out):
    text = tmp_path / "notes.wav"
    text.write_text("not a sound")
    missing = tmp_path / "missing.wav"
    folder = out.parent
    result = expect(extract(text, *recordings, missing, "-o", folder), SOME_FAILED)
    assert result.stdout == b""
    failures = [line for line in result.stderr.splitlines() if line.startswith("ossicle: ")]
    assert len(failures) == 2
    assert str(text) in result.stderr and str(missing) in result.stderr
    assert f"{len(recordings)} done" in result.stderr and "2 failed" in result.stderr
    assert {path.name for path in folder.iterdir()} == {f"{path.stem}.npy" for path in recordings}
    for path in recordings:
        alone = expect(extract(path, "-o", "-")).stdout
        assert (folder / f"{path.stem}.npy").read_bytes() == alone


def test_existing_outputs_of_many_are_kept_and_counted(out, recordings):
    kept = out.with_name(f"{recordings[0].stem}.npy")
    kept.write_bytes(OLD)
    result = expect(extract(*recordings, "-o", out.parent))
    assert kept.read_bytes() == OLD
    assert f"{len(recordings) - 1} done, 1 kept" in result.stderr
    assert "--overwrite" in result.stderr
    result = expect(extract(*recordings, "-o", out.parent, "--overwrite"))
    assert f"{len(recordings)} done" in result.stderr
    assert np.load(kept).shape[0] == 80


def test_file_where_the_folder_should_be(out, recordings):
    out.write_bytes(OLD)
    refused(extract(*recordings, "-o", out), OUTPUT, out, "is a file", "folder")
    assert out.read_bytes() == OLD
