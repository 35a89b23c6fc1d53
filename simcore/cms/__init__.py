"""Read CMS's public files, and do with them what CMS did."""
