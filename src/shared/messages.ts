/** What both ends of a page do with a message: neither believes the other. */
import * as v from 'valibot';

/** A function that gives the message, or undefined for anything that isn't one. */
export function parserOf<T>(schema: v.GenericSchema<unknown, T>): (value: unknown) => T | undefined {
    return value => {
        const result = v.safeParse(schema, value);
        return result.success ? result.output : undefined;
    };
}
