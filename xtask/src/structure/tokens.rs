//! Rust source as words, literals and signs, without comments.

/// A piece of source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// An identifier, a keyword or a number.
    Word(String),
    /// `::`
    PathSeparator,
    /// A string or a character, as it is written.
    Literal(String),
    /// Any other character that is not blank.
    Sign(char),
}

/// Cuts source text into tokens.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: source, tokens: Vec::new() };
    while lexer.step() {}
    lexer.tokens
}

struct Lexer<'a> {
    rest: &'a str,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    /// Takes one token, comment or stretch of blanks; false at the end.
    fn step(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        let Some(first) = self.rest.chars().next() else { return false };
        if self.rest.starts_with("//") {
            self.skip(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.skip(block_comment(self.rest));
        } else if let Some(length) = string(self.rest).or_else(|| character(self.rest)) {
            self.take(length, Token::Literal(self.rest[..length].to_owned()));
        } else if is_word(first) {
            let length = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
            // `r#type` is the name `type`.
            match self.rest.strip_prefix("r#") {
                Some(_) if length == 1 => self.skip(2),
                _ => self.take(length, Token::Word(self.rest[..length].to_owned())),
            }
        } else if self.rest.starts_with("::") {
            self.take(2, Token::PathSeparator);
        } else if let Some(length) = lifetime(self.rest) {
            self.skip(length);
        } else {
            self.take(first.len_utf8(), Token::Sign(first));
        }
        true
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    fn take(&mut self, bytes: usize, token: Token) {
        self.tokens.push(token);
        self.skip(bytes);
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Bytes of the block comment that the text begins with; such comments nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        let step = match (rest.starts_with(b"/*"), rest.starts_with(b"*/")) {
            (true, _) => {
                depth += 1;
                2
            }
            (_, true) => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// Bytes of the string literal that the text begins with, of whatever kind.
fn string(text: &str) -> Option<usize> {
    let prefix = text.find(|c| !matches!(c, 'b' | 'c' | 'r')).filter(|n| *n <= 2)?;
    let is_raw = text[..prefix].ends_with('r');
    let hashes = text[prefix..].find(|c| c != '#').filter(|n| is_raw || *n == 0)?;
    let start = prefix + hashes;
    let body = text[start..].strip_prefix('"')?;
    let length = if is_raw {
        let end = format!("\"{}", "#".repeat(hashes));
        body.find(&end).map_or(body.len(), |at| at + end.len())
    } else {
        closing(body, '"')
    };
    Some(start + 1 + length)
}

/// Bytes of the character literal that the text begins with; none for a lifetime.
fn character(text: &str) -> Option<usize> {
    let quote = usize::from(text.starts_with("b'"));
    let body = text[quote..].strip_prefix('\'')?;
    let first = body.chars().next()?;
    let is_literal = first == '\\' || body[first.len_utf8()..].starts_with('\'');
    is_literal.then(|| quote + 1 + closing(body, '\''))
}

/// Bytes up to and with the quote that closes a literal.
fn closing(body: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    body.len()
}

/// Bytes of the lifetime or label that the text begins with.
fn lifetime(text: &str) -> Option<usize> {
    let name = text.strip_prefix('\'')?;
    let length = name.find(|c| !is_word(c)).unwrap_or(name.len());
    (length > 0).then_some(1 + length)
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    /// The tokens as one text, with blanks between.
    fn cut(source: &str) -> String {
        let shown = |token: &Token| match token {
            Token::Word(word) => word.clone(),
            Token::PathSeparator => "::".to_owned(),
            Token::Literal(text) => text.clone(),
            Token::Sign(sign) => sign.to_string(),
        };
        tokens(source).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_and_signs_remain() {
        assert_eq!(cut("use super::{a, b as c};"), "use super :: { a , b as c } ;");
        assert_eq!(cut("let x: &'a str = r#type;"), "let x : & str = type ;");
    }

    #[test]
    fn comments_are_left_out() {
        assert_eq!(cut("a // use b\n/* c /* d */ e */ f"), "a f");
        assert_eq!(cut("/// a.unwrap()\nfn g() {}"), "fn g ( ) { }");
        assert_eq!(cut("a /* never closed"), "a");
    }

    #[test]
    fn literals_are_one_token() {
        let literal = |source: &str| match &tokens(source)[..] {
            [Token::Literal(text), Token::Word(word)] => text == source.trim_end_matches(" e") && word == "e",
            other => panic!("{other:?}"),
        };
        for text in
            [r#""use \" x""#, "'u'", r"'\''", "b'x'", r##"r#"a " b"#"##, "r\"c\\\"", "br\"d\"", "c\"é\""]
        {
            assert!(literal(&format!("{text} e")), "{text}");
        }
        assert_eq!(cut("'outer: loop { break 'outer; }"), ": loop { break ; }");
    }
}
