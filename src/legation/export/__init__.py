"""Records as other people's tools read them: one file per layout, a datasheet beside each."""
