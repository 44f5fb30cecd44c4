"""Many posteriors of one table: under other priors, without some studies, at other powers."""
