"""Drop-in replacements for what computes features today.

Each module here has the name, the calls and the arguments of the library that it replaces, so that
changing one import is the migration. What Ossicle does not serve raises NotImplementedError that
names the argument; docs/migrate.md lists the few that change nothing. Importing any of them needs
NumPy only.
"""
