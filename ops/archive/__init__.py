"""Seven years of audit lines in a bucket that nobody can change: written every hour, verified and restored on demand.

It runs in a pod with Python and boto3 alone, so it imports nothing else of ours.

Everything that it knows is in the bucket. An hour of lines is one object, named by what is in it, and one manifest,
numbered and chained to the one before; an event is archived when a manifest names its object. So a run that ends
anywhere leaves either nothing or an object that the next run makes again, byte by byte.
"""
