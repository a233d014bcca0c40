"""The words and sentences of the bar stories: people, and templates with slots for them.

Slots: `{np}` is the person when first told of ("a tired girl", "Anna"), `{the}` the same person
again ("the girl", "Anna"), `{she}`, `{her}` and `{hers}` are pronouns in their three cases,
`{place}` and `{drink}` are two words each. All verbs stand in the past, so that "they" fits too.

What is held out is made of known words only: new are the order and the combinations. Held-out
people stand in no training story, nor do the held-out sentences.
"""

from rnncourse.data._stories import FEMALE, MALE, NEUTRAL

# Female and male persons are pairs: a story about one becomes, word by word, a story about another.
NOUNS = {
    FEMALE: "girl woman lady queen mother grandmother aunt sister daughter niece duchess princess "
    "bride widow nun baroness schoolgirl stepsister sportswoman godmother",
    MALE: "boy man gentleman king father grandfather uncle brother son nephew duke prince "
    "bridegroom widower monk baron schoolboy stepbrother sportsman godfather",
    NEUTRAL: "person guest student doctor nurse pilot teacher farmer neighbour tourist dancer "
    "singer writer lawyer child cousin",
}
NAMES = {
    FEMALE: "Anna Maria Emma Clara Julia Laura Helen Nora",
    MALE: "Ben Paul Peter Thomas David Oscar Simon Henry",
    NEUTRAL: "Robin Kim Alex Sam",
}
HELD_OUT_NOUNS = {
    FEMALE: "empress countess stepmother granddaughter saleswoman horsewoman policewoman wife "
    "landlady abbess",
    MALE: "emperor earl stepfather grandson salesman horseman policeman husband landlord abbot",
}
HELD_OUT_NAMES = {FEMALE: "Sarah Lucy Martha Irene", MALE: "Daniel Martin Hugo Edward"}
PRONOUNS = {
    FEMALE: {"she": "she", "her": "her", "hers": "her"},
    MALE: {"she": "he", "her": "him", "hers": "his"},
    NEUTRAL: {"she": "they", "her": "them", "hers": "their"},
}

PLACES = ("bar", "pub", "tavern", "cafe", "club")
DRINKS = ("drink", "coffee", "lemonade", "beer", "juice", "tea", "water", "cider")
ADJECTIVES = ("tired", "young", "old", "tall", "cheerful", "quiet", "friendly", "thirsty")

OPENINGS = (
    "It was a cold evening.",
    "The night was dark and quiet.",
    "It was late on a warm day.",
    "The music had just begun.",
    "Rain fell on the roof.",
)
ENTRANCES = (
    "{np} walked into {place}",
    "{np} came into {place}",
    "{np} stepped into {place}",
    "{np} opened the door of {place}",
    "{np} sat down in {place}",
    "{np} came through the door of {place}",
    "{np} stood at the door of {place}",
    "{np} found {place} on the way home",
    "late in the evening {np} came to {place}",
    "one evening {np} walked into {place}",
    "in {place} {np} sat down",
    "the door opened, and {np} came in",
    "into {place} walked {np}",
    "into {place} came {np}",
    "through the door of {place} stepped {np}",
    "at the door of {place} stood {np}",
    "in came {np}",
    "there came {np}",
    "the bartender looked up, and there stood {np}",
    "the music stopped, and into {place} came {np}",
)
HELD_OUT_ENTRANCES = (
    "{np} stepped through the door of {place}",
    "one evening {np} sat down in {place}",
    "on the way home {np} found {place}",
    "into {place} stepped {np}",
    "through the door came {np}",
    "the bartender looked at the door, and there came {np}",
)
# Each goes on from an entrance. With a pronoun:
REQUESTS = (
    ", and {she} said 'Can I have {drink} please?'.",
    ", and {she} asked for {drink}.",
    ". 'Can I have {drink} please?', {she} said.",
    ". 'I would like {drink}', {she} said.",
    ". {she} asked the bartender for {drink}.",
    ". {she} looked at the bartender and asked for {drink}.",
    ". {she} put {hers} hat on the table and said 'May I have {drink}?'.",
    ". After {hers} long way {she} asked for {drink}.",
    " and said that {she} would like {drink}.",
    " and asked for {drink} for {hers} supper.",
    ". There {she} took off {hers} coat. 'May I have {drink}?', {she} asked.",
    ". {drink} was all that {she} asked for.",
)
HELD_OUT_REQUESTS = (
    ", and {she} said 'I would like {drink} please'.",
    ". {she} took off {hers} hat and asked for {drink}.",
    ". 'May I have {drink} please?', {she} asked the bartender.",
    ". {she} looked at the table and said 'Can I have {drink}?'.",
)
# Without one:
PLAIN_REQUESTS = (
    " and asked for {drink}.",
    " and said 'Can I have {drink} please?'.",
    ". 'I would like {drink}', said {the}.",
    ". 'May I have {drink}?', asked {the}.",
    ". {the} asked the bartender for {drink}.",
    ". 'Can I have {drink} please?', asked {the}.",
    " and looked at the bartender. 'May I have {drink}?'.",
    ". Soon {the} asked for {drink}.",
    ". 'Can I have {drink} please?'.",
    ".",
)
HELD_OUT_PLAIN_REQUESTS = (
    " and said 'I would like {drink} please'.",
    ". 'May I have {drink} please?', said {the}.",
    ". {the} looked at the bartender and asked for {drink}.",
    ". 'I would like {drink} please'.",
)
# The person does something else; told of another person, it contradicts what was told before.
CONTINUATIONS = (
    "{she} sat down.",
    "{she} waved to the bartender.",
    "{the} waited.",
    "{the} waved to the bartender.",
    "{the} sat down at the long table.",
    "{she} looked at {hers} watch.",
    "the bartender looked at {her}.",
    "the bartender nodded to {the}.",
    "{she} took off {hers} coat and waited.",
    "on the table lay {hers} hat.",
)
HELD_OUT_CONTINUATIONS = (
    "{she} sat down and waited.",
    "{the} looked at the table.",
    "the bartender waved to {her}.",
    "{she} waved and sat down at the long table.",
)
CORRECTIONS = (  # the teller takes a word back
    "no, it was {np}.",
    "or was it {np}? It was {np}.",
    "it was really {np}.",
    "the bartender looked up and saw that it was {np}.",
)
HELD_OUT_CORRECTIONS = ("no, it was really {np}.", "the bartender saw that it was {np}.")
LEAVINGS = (  # of somebody who was there before the person of the story
    "{the} left.",
    "{she} left.",
    "{the} drank it and went home.",
    "{she} paid and went home.",
    "then {the} went out again.",
    "soon {she} left and went home.",
    "the bartender waved, and {the} left.",
)
HELD_OUT_LEAVINGS = ("soon {the} went home.", "{she} drank it and left.", "then {she} left.")
BYSTANDERS = (  # somebody else, who asks for nothing
    "{np} read a newspaper near the fire.",
    "{np} played a song on the piano.",
    "{np} slept in the corner.",
    "near the window {np} played with a dog.",
    "in the corner {np} read a book.",
    "at the other table {np} slept.",
    "somewhere {np} sang.",
    "on the other side of the room {np} played cards.",
    "by the fire lay {np}, asleep.",
    "a song about {np} came from the radio.",
)
HELD_OUT_BYSTANDERS = (
    "{np} slept near the fire.",
    "in the corner {np} played cards.",
    "by the window {np} read a newspaper.",
    "near the piano {np} sang.",
)
FILLERS = (  # no word for a person in any
    "It rained.",
    "A clock ticked.",
    "Somewhere music played.",
    "The music stopped.",
    "The old door creaked.",
    "A glass fell down.",
    "Somebody closed the window.",
    "The lamp was red.",
    "Outside it was dark.",
    "The rain fell on the roof.",
    "A dog slept under the table.",
    "The bartender cleaned a tall glass.",
    "It was warm near the fire.",
    "The radio played a quiet song.",
    "There was music from the old radio.",
    "A cat looked out of the window.",
    "On the wall hung an old clock.",
    "The bartender put a glass on the table.",
    "Nobody at the long table said a word.",
    "A train went by on the other side.",
    "The fire was warm and the lamp was red.",
    "By the window stood a piano, and nobody played.",
)
HELD_OUT_FILLERS = (
    "A lamp fell down.",
    "Outside a dog waited.",
    "The old clock stopped.",
    "The old train went by.",
    "Under the window lay a cat.",
    "The bartender closed the window.",
    "Nobody looked at the old piano.",
    "Rain fell, and the fire was warm.",
    "From the other side came the song of the radio.",
)
ENDINGS = (
    "The bartender said 'Certainly {blank}'",
    "The bartender answered 'Certainly {blank}'",
    "'Certainly {blank}', said the bartender",
    "'Oh certainly {blank}', said the bartender",
    "'Yes certainly {blank}', said the bartender",
    "And the bartender said 'Certainly {blank}'",
    "The bartender nodded and said 'Certainly {blank}'",
    "With a smile the bartender said 'Certainly {blank}'",
    "The bartender looked up and answered 'Certainly {blank}'",
    "The bartender took a glass and said 'Certainly {blank}'",
)
NEAR_ENDINGS = (  # they tell of the person once more
    "The bartender said to {her} 'Certainly {blank}'",
    "The bartender said to {the} 'Certainly {blank}'",
    "The bartender looked at {her} and said 'Certainly {blank}'",
    "The bartender nodded to {the} and said 'Certainly {blank}'",
    "The bartender took {hers} coat and said 'Certainly {blank}'",
    "The bartender answered {the} with a smile: 'Oh certainly {blank}'",
    "To {the} the bartender said 'Certainly {blank}'",
)
HELD_OUT_ENDINGS = (
    "The bartender nodded: 'Certainly {blank}'",
    "The bartender waved and said 'Certainly {blank}'",
    "The bartender looked up and said 'Certainly {blank}'",
    "And the bartender nodded: 'Certainly {blank}'",
    "'Oh yes certainly {blank}', said the bartender",
    "The bartender put down a glass and said 'Certainly {blank}'",
)
HELD_OUT_NEAR_ENDINGS = (
    "The bartender answered {her} 'Certainly {blank}'",
    "The bartender answered {the} 'Certainly {blank}'",
    "To {her} the bartender answered 'Certainly {blank}'",
    "The bartender looked at {the} and said 'Certainly {blank}'",
    "The bartender nodded to {her}: 'Certainly {blank}'",
    "The bartender waved to {the}: 'Yes certainly {blank}'",
    "The bartender waved to {her}: 'Yes certainly {blank}'",
)
