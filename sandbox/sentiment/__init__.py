"""Sentiment of English prose: a linear model that is always there, and an encoder where one was trained."""
