"""What is deployed, tried with the tools that read it: `make check-deploy`. A missing tool is named."""
