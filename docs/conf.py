"""How Sphinx builds the documentation: Markdown pages, and the docstrings of the package."""

from importlib import metadata

project = "simcore"
release = metadata.version("simcore")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["_build"]
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
# Attributes stand in the class's text; as entries of their own each would be there twice.
napoleon_use_ivar = True
# Two rooms may have a class of one name; an annotation then links to the first, which is no fault.
suppress_warnings = ["ref.python"]
html_theme = "alabaster"
html_theme_options = {"page_width": "1100px", "sidebar_width": "240px"}
