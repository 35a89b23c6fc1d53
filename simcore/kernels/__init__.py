"""All compiled code: serial integer loops over blocks of replicates."""
