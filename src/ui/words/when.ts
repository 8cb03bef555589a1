/** Times as people read them. */

/** "14:05" today, else the date and the time, as the system writes them. */
export function whenWords(at: number, now = Date.now()): string {
    const date = new Date(at);
    const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    return date.toDateString() === new Date(now).toDateString() ? time : `${date.toLocaleDateString()} ${time}`;
}
