"""The libraries reference nothing that prints, exits or aborts.

    symbols.py NM LIBRARY.a...
"""

import re
import subprocess
import sys

FORBIDDEN = re.compile(
    r"""(_IO_|__)?v?[fd]?printf(_chk)? | puts | putchar | putc | fputs | fputc | perror | stderr
      | std::(basic_)?(cout|cerr|clog|wcout|wcerr|wclog) | std::__basic_file.* | std::ios_base::Init::.*
      | exit | _exit | _Exit | quick_exit | at_quick_exit | abort | raise | __assert_fail | __assert
      | hwy::Abort\(.*""",
    re.VERBOSE)

# In the words of FORBIDDEN, with the reason.
ALLOWED = {
    # Highway's own headers end an impossible switch with it (HWY_UNREACHABLE, dispatch tables).
    "hwy::Abort": re.compile(r"hwy::Abort\(.*"),
}


def undefined_symbols(nm, library):
    """(object, symbol) of each symbol that an object of the library wants from elsewhere."""
    text = subprocess.run([nm, "-C", "-u", library], check=True, capture_output=True, text=True).stdout
    member = "?"
    for line in text.splitlines():
        if line.endswith(":"):
            member = line[:-1]
        elif line.strip():
            yield member, line.strip().split(" ", 1)[1].split("@")[0]


def main():
    nm, *libraries = sys.argv[1:]
    breaches = [f"{library}({member}): {symbol} breaks the rule: a library never prints, exits or aborts"
                for library in libraries
                for member, symbol in undefined_symbols(nm, library)
                if FORBIDDEN.fullmatch(symbol)
                and not any(allowed.fullmatch(symbol) for allowed in ALLOWED.values())]
    print("\n".join(breaches) or f"{len(libraries)} libraries keep the rule")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
