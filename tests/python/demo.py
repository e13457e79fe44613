"""How the demo model is run."""

FRONTEND, WINDOWS = "openwakeword-embedding", "76:8"
BOTH = {"frontend": FRONTEND, "windows": WINDOWS}
