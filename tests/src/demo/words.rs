//! What people write on ordinary days. Nothing here is about a real person.

pub const DRINKS: [&str; 9] = [
    "tea with milk",
    "water",
    "elderflower",
    "orange juice",
    "tea, in the blue cup",
    "cocoa",
    "water with the tablets",
    "buttermilk",
    "broth",
];

pub const BREAKFASTS: [&str; 6] = [
    "porridge with honey",
    "toast and marmalade",
    "a soft egg and half a slice of toast",
    "yoghurt with pear",
    "half a croissant with jam",
    "porridge, left the crusts for the birds",
];

pub const DINNERS: [&str; 10] = [
    "potato soup",
    "fish pie",
    "chicken and rice, cut small",
    "stewed apple and custard",
    "omelette with chives",
    "lentils, not her favourite",
    "macaroni cheese",
    "carrot soup and bread",
    "cottage pie from the freezer",
    "pancakes, two",
];

pub const NIGHTS: [&str; 7] = [
    "Up once for the toilet, went back by herself.",
    "Slept through. I checked at three, all quiet.",
    "Called out around two, thought Harold was late. Settled with the lamp on.",
    "Restless until half past one, then a deep sleep.",
    "Extra pillow, she breathes easier half sitting.",
    "Coughed until midnight, better after warm water.",
    "Awake at five and cheerful about it.",
];

pub const NOTES: [&str; 22] = [
    "Watched the blue tits at the feeder for most of the morning.",
    "We looked at the album from Whitby. She knew every name.",
    "A bit muddled about the day, not upset by it.",
    "Sang along to the radio while I did her hair.",
    "Did not want to get dressed. We left it, and after lunch she did.",
    "Ankles swollen tonight, feet up on the stool.",
    "Skin on the left heel a little red. Cream, and the soft boot for the night.",
    "Walked to the gate and back with the frame, rested twice.",
    "Sat in the sun by the window, asleep within minutes.",
    "Asked after her sister twice. We talked about her instead of correcting.",
    "Good appetite, bad temper, then laughed at herself.",
    "Weighed in the morning: the same as on Sunday.",
    "Hearing aid batteries changed, both sides.",
    "Beat me at dominoes, fair and square.",
    "Would not take the big tablet. With yoghurt it went down.",
    "Bowels fine today.",
    "Dizzy on standing up, sat back down, better after a glass of water.",
    "Nails done, the pale pink.",
    "Rang her brother in Leeds. Ten minutes, and she glowed all evening.",
    "The physio's exercises, all of them, with commentary.",
    "Quiet day. Held my hand during the news.",
    "She said: you are a good lot, all of you.",
];

pub const VISITS: [(&str, &str); 7] = [
    ("Harriet from church", "Brought communion and gossip."),
    ("Dr Osei", "Chest clear, water tablet stays as it is for now."),
    ("Lily and the baby", "Rose held her for a quarter of an hour."),
    ("the physiotherapist", "Heel raises at the kitchen counter, ten a day."),
    ("Mr Barnes next door", "Fixed the back step and stayed for tea."),
    ("the chiropodist", "Next time in six weeks."),
    ("Ben", "Home from university, mowed the lawn without being asked."),
];

/// Title, note, place, people needed.
pub const TASKS: [(&str, &str, &str, i64); 18] = [
    ("Bring a meal on Tuesday", "Soft food, no pepper. Dishes can stay, we wash up.", "", 1),
    (
        "Drive to the cardiology clinic",
        "Back entrance, the lift is right there. Take the folder.",
        "St Anne's, door C",
        1,
    ),
    ("Sit with Rose while I sleep", "She will doze. The radio is fine.", "", 1),
    ("Shopping for the week", "List on the fridge. The small yoghurts she likes.", "", 1),
    ("Mow the lawn before Sunday", "Mower is in the shed, the key under the pot.", "", 1),
    ("Fetch the prescription", "Paid for already. They close at half past five.", "Chemist on the corner", 1),
    ("Read to her for an hour", "We are at chapter nine of the shipwreck book.", "", 2),
    ("Change the light bulb on the landing", "The ladder is at Mr Barnes'.", "", 1),
    ("Take her to the garden centre", "Wheelchair in the hall, the ramp in the boot.", "", 2),
    ("Walk the dog in the mornings this week", "Only round the green, he is old too.", "", 3),
    ("Wash and set her hair", "Before the birthday, please.", "", 1),
    ("Give Anna an evening off", "Anything from six to ten. Bed at nine.", "", 1),
    ("Sort the photographs", "Boxes in the small room. She likes to help.", "", 2),
    ("Bring the bins out on Thursday", "Green this week.", "", 1),
    ("Ring the council about the rail", "The reference is on the letter by the phone.", "", 1),
    ("Help with the forms", "Attendance allowance. Tea provided, biscuits too.", "", 1),
    ("Wait in for the bed people", "Between eight and one, they say.", "", 1),
    ("Batch of soup for the freezer", "Labels and tubs in the bottom drawer.", "", 1),
];
