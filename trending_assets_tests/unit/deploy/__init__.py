"""Tests of what is deployed: images, workflows, and the programs that CI runs."""
