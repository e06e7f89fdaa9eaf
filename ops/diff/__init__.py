"""What a change of the code changes for people: two commits planned, and their documents compared.

Documents are read into pictures, which are lists of named things with what is said of each. Pictures of two commits are
compared by one function whatever they show. So a subject is one small reader, and nothing else has to know of it.
"""
