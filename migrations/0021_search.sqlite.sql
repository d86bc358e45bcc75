-- The words of questions and answers, cut beforehand (bot/terms.py); a row for each question, told by its id.

CREATE VIRTUAL TABLE found USING fts5(words, tokenize = 'ascii');
