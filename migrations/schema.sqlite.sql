CREATE VIRTUAL TABLE found USING fts5(words, tokenize = 'ascii');
