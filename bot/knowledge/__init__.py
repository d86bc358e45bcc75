"""Questions, their answers, who helps, and what is published of them."""
