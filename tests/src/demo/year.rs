//! The days of the year that were not ordinary, counted back from today. Nothing here is about a real person.

/// Who writes it: the index of a person of the circle.
pub const ANNA: usize = 0;
pub const MARIE: usize = 1;
pub const PRIYA: usize = 2;
pub const TOM: usize = 3;
pub const JOAN: usize = 4;

/// Days before today, hour, who, what.
pub const NOTES: [(u64, u64, usize, &str); 37] = [
    (
        364,
        18,
        ANNA,
        "First evening with this log. Rose came home from hospital today, tired and glad of her own chair.",
    ),
    (
        363,
        3,
        ANNA,
        "She called at three, could not find the bathroom. Night light for the landing, first thing tomorrow.",
    ),
    (
        361,
        11,
        PRIYA,
        "First visit. Heart failure, stable. Weight every morning before breakfast, please, and write it here.",
    ),
    (358, 20, MARIE, "I take the nights from Friday to Sunday from now on. Anna, sleep."),
    (
        350,
        16,
        ANNA,
        "She asked what we are always tapping. I showed her. She wants it written down that she is no trouble.",
    ),
    (
        341,
        9,
        PRIYA,
        "Two kilos more in five days, ankles firm. Spoke to Dr Osei, water tablet doubled until Friday.",
    ),
    (
        336,
        9,
        PRIYA,
        "Weight down again, breathing easier. Back to the usual dose from tomorrow, as Dr Osei said.",
    ),
    (330, 19, MARIE, "Christmas lights up. She directed from the sofa like an admiral."),
    (
        318,
        21,
        ANNA,
        "I cried in the car. Writing it here because somebody should know that it is not always fine. Tomorrow again.",
    ),
    (317, 8, MARIE, "Anna, I read that. I come on Thursday and you go swimming. No discussion."),
    (
        309,
        14,
        ANNA,
        "Swimming! An hour and a half. She had not even noticed I was gone, beat Marie at cards.",
    ),
    (296, 10, PRIYA, "Heel a little red. Soft boot at night, cream twice a day. I look again on Monday."),
    (292, 10, PRIYA, "Heel pale again. Well done, everybody who turned her."),
    (
        281,
        4,
        MARIE,
        "Chest rattling, could not lie flat. Rang the number on the emergency sheet, they came within the hour. Stayed home.",
    ),
    (
        281,
        12,
        PRIYA,
        "Chest infection. Antibiotic for seven days, with food. Sit her up. Ring me for anything.",
    ),
    (274, 9, ANNA, "Last antibiotic. She is thin and cross and better."),
    (263, 15, ANNA, "Snowdrops. She wanted one in an egg cup, so she has one in an egg cup."),
    (
        240,
        17,
        MARIE,
        "Slipped from the edge of the bed, sat down on the floor rather than fell. No pain, a bruise on the elbow.",
    ),
    (239, 10, PRIYA, "No harm from yesterday. A rail for the bed is ordered, comes on Wednesday."),
    (
        222,
        16,
        ANNA,
        "Asked me who I was this morning. This afternoon she knew again. I said I was glad to meet her.",
    ),
    (210, 18, MARIE, "Lily brought the baby. Four generations in one room, and the dog under the table."),
    (
        198,
        13,
        PRIYA,
        "Review with Dr Osei at home. We talked about what matters to her: the garden, no more hospital, music.",
    ),
    (
        197,
        20,
        ANNA,
        "She was clear about it. No more hospital if it can be helped. We wrote it into the plan and all of us slept badly.",
    ),
    (176, 15, MARIE, "Strawberries from the bed she planted. She counted them."),
    (
        160,
        11,
        ANNA,
        "Heat. Curtains closed, feet in the washing-up bowl, radio cricket. She is winning, she says.",
    ),
    (143, 19, MARIE, "Two weeks of quiet days. I did not know one could be so grateful for boring."),
    (
        127,
        12,
        PRIYA,
        "Pain in the hip since yesterday. Paracetamol regularly rather than when asked, let us see by Friday.",
    ),
    (123, 12, PRIYA, "Hip better. Keep the mornings slow."),
    (104, 17, ANNA, "Harold's birthday. She set a place for him. We let it stand."),
    (88, 14, MARIE, "The harvest basket came from church. She made me read every card aloud."),
    (
        70,
        22,
        ANNA,
        "Ben stayed the night with her so that we could both go to the concert. Nothing happened. Everything happened.",
    ),
    (52, 10, PRIYA, "Weight steady, ankles slim, eyes bright. I came to work and left with plum jam."),
    (
        33,
        5,
        MARIE,
        "Bad night. Afraid of the window. I sat with her until it was light and we named the birds.",
    ),
    (32, 11, PRIYA, "No infection. A smaller lamp stays on now. Marie, well done for staying calm."),
    (19, 16, ANNA, "Eighty-six today. Eleven people, one cake, no speech. Her own words: quite enough."),
    (6, 18, MARIE, "She thanked me for the soup that Tom made. I pass it on, Tom."),
    (1, 21, ANNA, "A year of this log. I read the first page to her. She said: we got good at it."),
];

/// Days before today, who, which of the tasks of `words.rs`, who takes it, whether it was done.
pub const TASKS: [(u64, usize, usize, &[usize], bool); 26] = [
    (360, ANNA, 3, &[TOM], true),
    (352, ANNA, 0, &[JOAN], true),
    (342, ANNA, 1, &[TOM], true),
    (338, MARIE, 2, &[JOAN], true),
    (329, ANNA, 7, &[TOM], true),
    (316, MARIE, 11, &[JOAN], true),
    (301, ANNA, 15, &[JOAN], true),
    (280, ANNA, 5, &[TOM], true),
    (272, ANNA, 17, &[JOAN, TOM], true),
    (255, MARIE, 12, &[JOAN], true),
    (243, ANNA, 16, &[TOM], true),
    (238, ANNA, 14, &[TOM], true),
    (215, MARIE, 10, &[JOAN], true),
    (203, ANNA, 8, &[JOAN, TOM], true),
    (177, ANNA, 4, &[TOM], true),
    (150, MARIE, 9, &[TOM, JOAN], true),
    (131, ANNA, 5, &[JOAN], true),
    (110, ANNA, 6, &[JOAN], true),
    (90, MARIE, 0, &[TOM], true),
    (71, ANNA, 2, &[JOAN], true),
    (45, ANNA, 3, &[TOM], true),
    (20, ANNA, 10, &[JOAN], true),
    (5, ANNA, 1, &[TOM], false),
    (4, ANNA, 6, &[JOAN], false),
    (2, MARIE, 17, &[], false),
    (1, ANNA, 11, &[], false),
];
