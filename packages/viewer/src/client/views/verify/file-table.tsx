import { ScrollRegion } from '../../parts/scroll-region.tsx';
import type { Verification } from '../../worker/lab-api.ts';
import { VerificationMark } from './verification-mark.tsx';
import { verifyMessages } from './verify-messages.ts';

/** Every file that was used, with its SHA-256. */
export function FileTable({ verification: { files } }: { verification: Verification }) {
  const words = verifyMessages();
  return (
    <ScrollRegion label={words.fileTable}>
      <table>
        <caption>{words.fileCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.file}</th>
            <th scope="col">{words.answer}</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, sha256, matches }) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              <td>
                <VerificationMark isRight={matches} text={matches ? words.matches : words.differs} />
              </td>
              <td>
                <code>{sha256}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
