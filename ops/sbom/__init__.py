"""What a stack is made of, as a software bill of materials."""
