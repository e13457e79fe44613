"""Drop-in replacements for what computes features today.

Each module here has the name, the calls and the arguments of the library that it replaces, so that
changing one import is the migration. What Ossicle does not serve raises NotImplementedError that
names the argument; no argument is ignored. Importing any of them needs NumPy only.
"""
