"""Takes setuptools' place while pip downloads source archives; see build_meta.py."""
