"""What people ask about, each read from the documents by a module of its own: `read(documents)` gives its things."""
