"""Includes point to lower layers only, and a dependency's header stays in the layer that owns it.

    includes.py SOURCE_FOLDER
"""

import pathlib
import re
import sys

# Each layer may include itself and these.
LOWER = {
    "core": set(),
    "dsp": {"core"},
    "resample": {"core", "dsp"},
    "frontend": {"core", "dsp", "resample"},
    "io": {"core", "dsp", "resample", "frontend"},
    "encoder": {"core", "dsp", "resample", "frontend"},
    "compare": {"core", "dsp", "resample", "frontend", "io"},
    "engine": {"core", "dsp", "resample", "frontend", "io", "encoder", "compare"},
    "c": {"core", "dsp", "resample", "frontend", "io", "encoder", "compare", "engine"},
    "apps": {"core", "dsp", "resample", "frontend", "io", "encoder", "compare", "engine"},
    "python": {"core", "resample", "frontend", "io", "encoder", "compare", "engine", "apps"},
}

PUBLIC_LAYER = {
    "enums.h": "core", "error.h": "core", "progress.h": "core", "version.h": "core", "workers.h": "core",
    "resampler.h": "resample",
    "features.h": "frontend", "frontend.h": "frontend", "scratch_pool.h": "frontend",
    "spec.h": "frontend", "stream.h": "frontend",
    "audio.h": "io", "audio_writer.h": "io", "npy.h": "io",
    "context.h": "encoder", "encoder.h": "encoder", "encoder_queue.h": "encoder", "model_file.h": "encoder",
    "compare.h": "compare", "spec_difference.h": "compare",
    "bench.h": "engine", "embedding_stream.h": "engine", "engine.h": "engine",
    "resample_file.h": "engine",
    "ossicle.h": "c",
}

# Headers of packages and of the system, and who may include them.
OWNERS = {
    r"hwy/.*": {"dsp", "apps"},  # apps: which instruction sets there are, for --version
    r"nlohmann/.*": {"frontend", "apps"},
    r"sndfile\.h": {"io"},
    r"dlfcn\.h": {"encoder"},
    r"nettle/.*": {"encoder"},
    r"CLI/.*": {"apps"},
    r"cairo.*": {"apps"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
STANDARD = re.compile(r"[a-z_0-9]+|stddef\.h|stdint\.h")  # the last two: for C


def layer_of_include(name):
    """The layer of one of our headers, None for any other."""
    if name.startswith("ossicle/"):
        return PUBLIC_LAYER.get(name.removeprefix("ossicle/"), "unlisted public header")
    folder = name.split("/")[0]
    return folder if "/" in name and folder in LOWER else None


def breaches(path, layer, public):
    for name in INCLUDE.findall(path.read_text()):
        target = layer_of_include(name)
        if target is not None:
            if target != layer and target not in LOWER[layer]:
                yield f"{layer} may not include {name} ({target})"
            if public and not name.startswith("ossicle/"):
                yield f"a public header may not include {name}"
        elif public and not STANDARD.fullmatch(name):
            yield f"a public header may not include {name}"
        for owned, owners in OWNERS.items():
            if re.fullmatch(owned, name) and layer not in owners:
                yield f"{layer} may not include {name}, only {', '.join(sorted(owners))}"


def files(root):
    for path in sorted((root / "include/ossicle").iterdir()):
        yield path, PUBLIC_LAYER.get(path.name), True
    for folder in ("src", "apps", "python"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cc"):
                parts = path.relative_to(root).parts
                yield path, parts[1] if folder == "src" else folder, False


def main():
    root = pathlib.Path(sys.argv[1])
    found = []
    for path, layer, public in files(root):
        if layer not in LOWER:
            found.append(f"{path.relative_to(root)}: no layer is known for it")
        else:
            found += [f"{path.relative_to(root)}: {breach}" for breach in breaches(path, layer, public)]
    print("\n".join(found) or "all includes point to lower layers")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
