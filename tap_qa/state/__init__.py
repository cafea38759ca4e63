"""How far streams were read: windows, bookmarks and the date range of a run."""
