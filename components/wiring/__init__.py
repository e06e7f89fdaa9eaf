"""From settings and facts to each component's arguments: where the two meet, and nowhere else."""
