/** Under which key everything about the lists is cached: one word makes all of it be read again. */
export const LISTS = ['admin', 'catalogue'];
export const SLOT_FEEDS = ['slot-feeds'];
export const LAWS = ['law-notices'];
