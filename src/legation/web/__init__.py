"""The desk: the store in a browser, offline."""
