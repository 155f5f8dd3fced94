# Install and package rules.
