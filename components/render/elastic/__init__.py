"""The custom resources of ECK, without what other resources make."""
