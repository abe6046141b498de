//! The words by which scores ask for jumps, in the languages of printed music.

/// Without accents, in lower case, dots and other signs as spaces.
pub(super) const TO_BEGINNING: [&str; 8] =
    ["d c", "dc", "da capo", "dacapo", "da cap", "d capo", "dal capo", "dalcapo"];
pub(super) const TO_SEGNO: [&str; 7] =
    ["d s", "ds", "d segno", "dal segno", "dalsegno", "del segno", "dal s"];

/// Phrases that ask for a jump only where they begin the words: *un peu plus lent qu'au début* does
/// not.
pub(super) const STARTS_TO_BEGINNING: [&str; 28] = [
    "dall inizio",
    "dal inizio",
    "dall inicio",
    "desde el inicio",
    "dal principio",
    "da principio",
    "al principio",
    "repeat from the beginning",
    "back to the beginning",
    "go back to the beginning",
    "return to the beginning",
    "from the beginning",
    "from beginning",
    "from the top",
    "vom anfang",
    "von anfang",
    "von vorn",
    "depuis le debut",
    "reprendre au debut",
    "reprendre du debut",
    "reprendre depuis le debut",
    "retour au debut",
    "desde el principio",
    "do inicio",
    "do principio",
    "vanaf het begin",
    "od początku",
    "с начала",
];
pub(super) const STARTS_TO_SEGNO: [&str; 10] = [
    "from the sign",
    "from segno",
    "from the segno",
    "back to the sign",
    "vom zeichen",
    "vom segno",
    "retour au signe",
    "reprendre au signe",
    "desde la senal",
    "desde el signo",
];

pub(super) const UNTIL_FINE: [&str; 30] = [
    "al fim",
    "ao fim",
    "ate o fim",
    "til fine",
    "till fine",
    "until fine",
    "tot fine",
    "tot het einde",
    "do końca",
    "до конца",
    "al fine",
    "alla fine",
    "al fin",
    "a fine",
    "sin al fine",
    "fino al fine",
    "fino alla fine",
    "e fine",
    "to fine",
    "to the fine",
    "to end",
    "to the end",
    "bis fine",
    "bis zum fine",
    "bis zum ende",
    "bis zum schluss",
    "jusqu a la fin",
    "jusqu au fin",
    "jusqu a fine",
    "hasta el fin",
];
pub(super) const UNTIL_SEGNO: [&str; 6] =
    ["al segno", "sin al segno", "fino al segno", "to the sign", "bis zum zeichen", "jusqu au signe"];
pub(super) const WITHOUT_REPEATS: [&str; 14] = [
    "senza rep",
    "senza rip",
    "senza le rep",
    "senza le rip",
    "senza la rep",
    "senza ritornell",
    "without rep",
    "no rep",
    "ohne wiederh",
    "ohne w",
    "sans rep",
    "sans les rep",
    "sans la rep",
    "sin rep",
];
pub(super) const LEAVES_FOR_CODA: [&str; 13] = [
    "zum coda",
    "zu coda",
    "vers la coda",
    "hacia la coda",
    "to coda",
    "to the coda",
    "al coda",
    "alla coda",
    "alla la coda",
    "a la coda",
    "da coda",
    "zur coda",
    "tocoda",
];
pub(super) const ENDS: [&str; 15] = [
    "fine",
    "il fine",
    "la fin",
    "das ende",
    "fin",
    "finis",
    "ende",
    "end",
    "the end",
    "fim",
    "schluss",
    "einde",
    "slut",
    "koniec",
    "конец",
];

/// What may follow a word for the end: what ends, as in *Fine del Menuetto*.
pub(super) const END_OF: [&str; 16] = [
    "fine del",
    "fine di",
    "fine dell",
    "fine della",
    "fine dello",
    "fin du",
    "fin de",
    "fin des",
    "fin del",
    "ende des",
    "ende der",
    "ende vom",
    "end of",
    "fim do",
    "fim da",
    "koniec",
];

/// What may follow *Fine*: when it holds, as in *Fine (2nd time)*.
pub(super) const END_WHEN: [&str; 18] = [
    "1", "2", "1st", "2nd", "3rd", "second", "seconda", "last", "ultima", "la", "only", "dopo", "after",
    "nach", "apres", "al", "zweites", "letztes",
];

/// What may stand beside *Fine* in one phrase, as in *poco rit. Fine*.
pub(super) const BESIDE_END: [&str; 16] = [
    "il",
    "poco",
    "un",
    "molto",
    "rit",
    "ritard",
    "ritardando",
    "rall",
    "rallentando",
    "dim",
    "diminuendo",
    "morendo",
    "p",
    "pp",
    "ppp",
    "sempre",
];

/// What may follow the name of a section or of a sign: which one it is.
pub(super) const WHICH: [&str; 10] = ["1", "2", "3", "i", "ii", "iii", "a", "b", "c", "d"];
