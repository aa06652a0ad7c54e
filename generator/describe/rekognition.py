"""Labels from Amazon Rekognition, through boto3.

Credentials, region and server come from the usual places: environment variables and ~/.aws
(https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html).
"""

from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from PIL import Image

from generator.config import DescribeSettings
from generator.describe import PIXELS, Describer, Description, Label, PictureError
from generator.describe.ask import PATIENCE, checked, jpeg
from generator.errors import BollardsError, on_line

_NAME = "Amazon Rekognition"
_MOST = 10
# US dollars for a picture of the first million, read in 2026:
# https://aws.amazon.com/rekognition/pricing/
_PRICE = 0.001
_OF_PICTURE = frozenset(
    {"InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"}
)
_OF_KEY = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_KEYS = (
    "Put them into the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and"
    " AWS_DEFAULT_REGION, or into ~/.aws."
)


class RekognitionDescriber(Describer):
    """Up to ten labels for a picture, in English; no caption."""

    name = "rekognition"
    price = _PRICE

    def __init__(self, endpoint: str | None) -> None:
        self._endpoint = endpoint
        self._client: Any = None
        self.fingerprint = f"rekognition labels {_MOST} {PIXELS}"

    def prepare(self) -> None:
        """See that there are keys and a region."""
        try:
            session = boto3.session.Session()
            if session.get_credentials() is None:
                raise NoCredentialsError
            self._client = session.client(
                "rekognition",
                endpoint_url=self._endpoint,
                config=Config(
                    retries={"mode": "standard", "total_max_attempts": PATIENCE.tries},
                    connect_timeout=PATIENCE.seconds,
                    read_timeout=PATIENCE.seconds,
                ),
            )
        except BotoCoreError as error:
            raise BollardsError(
                f'The describer "rekognition" needs keys and a region:'
                f" {on_line(str(error)).rstrip('.')}. {_KEYS}"
            ) from None

    def describe(self, image: Image.Image) -> Description:
        """The labels of a picture."""
        try:
            answer = self._client.detect_labels(Image={"Bytes": jpeg(image)}, MaxLabels=_MOST)
        except ClientError as error:
            raise _refused(error) from None
        except BotoCoreError as error:
            raise BollardsError(
                f"{_NAME}: no answer: {on_line(str(error))} Check the network. Answers so far are"
                " kept; run the same command again later."
            ) from None
        labels = [
            Label(str(one["Name"]), round(float(one.get("Confidence", 0)) / 100, 4))
            for one in answer.get("Labels", ())
            if one.get("Name")
        ]
        labels.sort(key=lambda label: (-label.score, label.name))
        return Description(labels=tuple(labels))


def _refused(error: ClientError) -> BollardsError:
    told = error.response.get("Error", {})
    code = str(told.get("Code", ""))
    reason = on_line(f"{code}: {told.get('Message', '')}"[:200]).rstrip(". :") + "."
    if code in _OF_PICTURE:
        return PictureError(f"{_NAME} does not take this picture: {reason}")
    if code in _OF_KEY:
        return BollardsError(f"{_NAME} does not accept the keys: {reason} {_KEYS}")
    return BollardsError(
        f"{_NAME}: {reason} Answers so far are kept; run the same command again later."
    )


def load(name: str, settings: DescribeSettings, project: Path) -> RekognitionDescriber:
    """The describer "rekognition".

    Raises:
        BollardsError: the endpoint is no address.
    """
    return RekognitionDescriber(checked(settings.endpoint) if settings.endpoint else None)
