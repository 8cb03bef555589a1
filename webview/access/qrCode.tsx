/** A QR code as one path: dark on light in every theme, as cameras need it, with the quiet zone around it (ISO/IEC 18004). */
import type { JSX } from 'preact';
import { encode } from 'uqr';

const quiet = 4;

export function QrCode({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
    const { data, size } = encode(text, { ecc: 'L', border: 0 });
    const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + quiet} ${y + quiet}h1v1h-1z`] : []))).join('');
    const side = size + quiet * 2;
    return (
        <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
            <rect width={side} height={side} fill="#ffffff" />
            <path d={path} fill="#000000" />
        </svg>
    );
}
