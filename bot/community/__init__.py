"""Who is here and where: the community's language and settings, who took part, which roles members hold."""
