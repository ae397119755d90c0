export {
  AgreementBook,
  type AgreementBookOptions,
  type BookChange,
  type EarlierAgreement,
  type FileReading,
} from './agreement-book.js';
export { signAgreement, verifySignedAgreement } from './signed-agreement.js';
